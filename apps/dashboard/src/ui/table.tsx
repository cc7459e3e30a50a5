import clsx from 'clsx';
import type { ReactNode, TdHTMLAttributes } from 'react';

/** By its name; numbers stand under each other. */
type Column = string | { readonly number: string };

interface TableProps {
  /** What the table is, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
}

/** On a phone each row becomes a card, and each cell says its column's name (`data-label`). */
export function Table({ label, columns, children }: TableProps) {
  return (
    <table aria-label={label} className="w-full text-left text-sm max-md:block">
      <thead className="max-md:sr-only">
        <tr>
          {columns.map((column) => {
            const name = typeof column === 'string' ? column : column.number;
            return (
              <th
                key={name}
                scope="col"
                className={clsx(
                  'px-4 py-2.5 text-xs font-medium text-ink-soft',
                  (name !== column || name === 'Actions') && 'text-right',
                )}
              >
                {name}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody className="max-md:block">{children}</tbody>
    </table>
  );
}

export function Row({ children }: { readonly children: ReactNode }) {
  return (
    <tr className="border-t border-line hover:bg-sunken/50 max-md:block max-md:px-4 max-md:py-3 max-md:first:border-t-0">
      {children}
    </tr>
  );
}

interface CellProps extends TdHTMLAttributes<HTMLTableCellElement> {
  readonly label: string;
  /** What the row is about: the head of its card on a phone. */
  readonly isTitle?: boolean;
  readonly isNumber?: boolean;
  /** It says nothing that is worth a line on a phone. */
  readonly isMinor?: boolean;
}

export function Cell({
  label,
  isTitle = false,
  isNumber = false,
  isMinor = false,
  className,
  children,
  ...rest
}: CellProps) {
  return (
    <td
      {...rest}
      data-label={label}
      className={clsx(
        'px-4 py-2.5 align-middle max-md:px-0 max-md:py-1',
        isNumber && 'tabular md:text-right',
        isMinor ? 'max-md:hidden' : isTitle ? 'max-md:block max-md:text-base' : onPhone,
        className,
      )}
    >
      {children}
    </td>
  );
}

const onPhone = clsx(
  'max-md:flex max-md:items-center max-md:justify-between max-md:gap-4 max-md:text-right',
  'max-md:before:shrink-0 max-md:before:text-xs max-md:before:text-ink-soft max-md:before:content-[attr(data-label)]',
);
