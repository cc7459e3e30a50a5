import clsx from 'clsx';
import { type ReactNode, useId } from 'react';

interface CardProps {
  readonly title?: string;
  /** Buttons beside the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A part of a page; with a title it is a region that screen readers can jump to. */
export function Card({ title, actions, children, className }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title && id}
      className={clsx('rounded-xl border border-line bg-surface shadow-xs', className)}
    >
      {title && (
        <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-3">
          <h2 id={id} className="text-sm font-semibold">
            {title}
          </h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}
