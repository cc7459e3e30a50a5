import { Field as BaseField } from '@base-ui/react/field';
import clsx from 'clsx';
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react';

/** The look of whatever can be written or chosen in. */
export const box =
  'rounded-lg border border-line-strong bg-surface px-3 text-sm text-ink placeholder:text-ink-soft disabled:opacity-55 aria-invalid:border-bad';

interface FieldProps {
  readonly label: string;
  /** What may be written here. */
  readonly hint?: ReactNode;
  /** What is wrong with what was written. */
  readonly error?: string | undefined;
  readonly children: ReactNode;
}

/** A control with its label, its hint and what is wrong with it, bound together for screen readers. */
export function Field({ label, hint, error, children }: FieldProps) {
  return (
    <BaseField.Root invalid={error !== undefined} className="flex flex-col gap-1.5">
      <BaseField.Label className="text-sm font-medium">{label}</BaseField.Label>
      {children}
      {hint && <BaseField.Description className="text-xs text-ink-soft">{hint}</BaseField.Description>}
      <BaseField.Error match={error !== undefined} className="text-xs text-bad">
        {error}
      </BaseField.Error>
    </BaseField.Root>
  );
}

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <BaseField.Control {...rest} render={<input className={clsx(box, 'min-h-9 w-full', className)} />} />;
}

export function Textarea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <BaseField.Control
      render={<textarea {...rest} className={clsx(box, 'w-full py-2 font-mono text-xs leading-5', className)} />}
    />
  );
}

/** The browser's own: the best there is on a phone. */
export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return <BaseField.Control render={<select {...rest} className={clsx(box, 'min-h-9 w-full pr-8', className)} />} />;
}
