import clsx from 'clsx';
import type { ReactNode, TdHTMLAttributes } from 'react';

interface TableProps {
  /** What the table is, for screen readers. */
  readonly label: string;
  readonly columns: readonly string[];
  readonly children: ReactNode;
}

/** On a phone each row becomes a card, and each cell says its column's name (`data-label`). */
export function Table({ label, columns, children }: TableProps) {
  return (
    <table aria-label={label} className="w-full text-left text-sm max-md:block">
      <thead className="max-md:sr-only">
        <tr>
          {columns.map((column) => (
            <th
              key={column}
              scope="col"
              className="px-4 py-2.5 text-xs font-medium text-ink-soft last:data-actions:text-right"
              data-actions={column === 'Actions' || undefined}
            >
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">{children}</tbody>
    </table>
  );
}

export function Row({ children }: { readonly children: ReactNode }) {
  return <tr className="border-t border-line hover:bg-sunken/50 max-md:block max-md:px-4 max-md:py-3">{children}</tr>;
}

export function Cell({
  label,
  className,
  children,
  ...rest
}: { readonly label: string } & TdHTMLAttributes<HTMLTableCellElement>) {
  return (
    <td
      {...rest}
      data-label={label}
      className={clsx(
        'px-4 py-2.5 align-middle',
        'max-md:flex max-md:items-center max-md:justify-between max-md:gap-4 max-md:px-0 max-md:py-1',
        'max-md:before:text-xs max-md:before:text-ink-soft max-md:before:content-[attr(data-label)]',
        className,
      )}
    >
      {children}
    </td>
  );
}
