import type { ReactNode } from 'react';
import { Button } from './button.js';
import { Failure, Loading } from './states.js';

/** What a question of TanStack Query tells of itself. */
interface Asked<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  refetch(): unknown;
}

interface AnswerProps<Data> {
  readonly to: Asked<Data>;
  /** How many rows the place is held for. */
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/**
 * The answer to a question, or that it is waited for, or why there is none. An answer that is there stays while the server
 * is away: what is shown may be old, and the page says so on top. It does not stay when the server says that it is no
 * more, or no longer for this person to see.
 */
export function Answer<Data>({ to, rows, children }: AnswerProps<Data>) {
  if (to.data !== undefined && !isRefusal(to.error)) return children(to.data);
  if (to.error) return <Failure error={to.error} onRetry={() => to.refetch()} />;
  return <Loading {...(rows !== undefined && { rows })} />;
}

interface MoreProps {
  readonly of: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    fetchNextPage(): unknown;
  };
  readonly children: ReactNode;
}

/** Below a list: the next page of it, where there is one. */
export function More({
  of: { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage },
  children,
}: MoreProps) {
  if (!hasNextPage) return null;
  return (
    <div className="border-t border-line p-3 text-center">
      <Button isBusy={isFetchingNextPage} onClick={() => fetchNextPage()}>
        {children}
      </Button>
      {isFetchNextPageError && (
        <p role="alert" className="mt-2 text-sm text-bad">
          It could not be had. Try again.
        </p>
      )}
    </div>
  );
}

function isRefusal(error: unknown): boolean {
  const { status } = (error ?? {}) as { status?: unknown };
  return status === 403 || status === 404;
}
