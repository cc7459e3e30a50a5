import { useInfiniteQuery } from '@tanstack/react-query';
import { jobLogQuery } from '../../api/syncs.js';
import { exactly } from '../../format/time.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Failure, Loading } from '../../ui/states.js';

/** What happened, in its order. */
export function JobLog({ jobId }: { readonly jobId: string }) {
  const log = useInfiniteQuery(jobLogQuery(jobId));
  const lines = log.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Card title="Log">
      {log.isPending && <Loading />}
      {log.isError && <Failure error={log.error} onRetry={() => log.refetch()} />}
      {log.isSuccess && lines.length === 0 && (
        <p className="px-4 py-6 text-sm text-ink-soft">Nothing has happened yet.</p>
      )}
      <ol className="divide-y divide-line text-sm">
        {lines.map((line) => (
          <li
            key={`${line.at} ${line.kind} ${line.entity} ${line.page} ${line.message}`}
            className="grid gap-x-4 px-4 py-2 md:grid-cols-[11rem_8rem_1fr]"
          >
            <time dateTime={line.at} className="tabular text-xs leading-5 text-ink-soft">
              {exactly(line.at)}
            </time>
            <span className="text-ink-soft">{line.entity ?? ''}</span>
            <span>{line.message}</span>
          </li>
        ))}
      </ol>
      {log.hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button isBusy={log.isFetchingNextPage} onClick={() => log.fetchNextPage()}>
            More of the log
          </Button>
        </div>
      )}
    </Card>
  );
}
