import { Link } from '@tanstack/react-router';
import { CircleAlert, Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.js';

/** Nothing is here, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <Inbox size={28} aria-hidden="true" className="text-ink-soft" />
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-md text-sm text-ink-soft">{children}</div>}
    </div>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** Something could not be had: why, and once more. */
export function Failure({ error, onRetry }: FailureProps) {
  const { title, hint } = wordsFor(error);
  if ((error as { status?: unknown } | null)?.status === 404) {
    return (
      <Empty title={title}>
        <WayHome />
      </Empty>
    );
  }
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <CircleAlert size={28} aria-hidden="true" className="text-bad" />
      <p className="font-medium">{title}</p>
      {hint && <p className="max-w-md text-sm text-ink-soft">{hint}</p>}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** From where there is nothing. */
export function WayHome() {
  return (
    <Link to="/" className="underline underline-offset-2">
      To the overview
    </Link>
  );
}

/** What went wrong, in the words of the API's problem details where it answered. */
export function wordsFor(error: unknown): { readonly title: string; readonly hint?: string } {
  const { code, title, detail, hint } = (error ?? {}) as Readonly<Record<string, string | undefined>>;
  // What a browser says of a request that reached nobody tells an operator nothing.
  if (title !== undefined && code !== 'UNREACHABLE')
    return { title: detail ?? title, ...(hint !== undefined && { hint }) };
  return {
    title: 'Syncline does not answer',
    hint: 'It may be restarting. This page goes on by itself when it is back.',
  };
}

/** Holds the place of what is being loaded. */
export function Loading({ rows = 4 }: { readonly rows?: number }) {
  return (
    <div role="status" className="flex flex-col gap-3 p-4">
      <span className="sr-only">Loading</span>
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].slice(0, rows).map((row) => (
        <div key={row} className="h-9 animate-pulse rounded-lg bg-sunken" />
      ))}
    </div>
  );
}
