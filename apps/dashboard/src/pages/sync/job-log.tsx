import { useInfiniteQuery } from '@tanstack/react-query';
import { jobLogQuery } from '../../api/syncs.js';
import type { LogLine } from '../../api/types.js';
import { exactly, inOwnTime } from '../../format/time.js';
import { Answer, More } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';

/** What happened, the latest first: that is what somebody who watches looks for. */
export function JobLog({ jobId }: { readonly jobId: string }) {
  const log = useInfiniteQuery(jobLogQuery(jobId));
  return (
    <Card title="Log">
      <Answer to={log}>{({ pages }) => <Lines lines={pages.flatMap(({ data }) => data)} />}</Answer>
      <More of={log}>Earlier</More>
    </Card>
  );
}

function Lines({ lines }: { readonly lines: readonly LogLine[] }) {
  if (lines.length === 0) return <p className="px-4 py-6 text-sm text-ink-soft">Nothing has happened yet.</p>;
  return (
    <ol className="divide-y divide-line text-sm">
      {lines.map((line) => (
        <li key={line.id} className="grid gap-x-4 px-4 py-2 md:grid-cols-[11rem_1fr]">
          <time dateTime={line.at} className="tabular text-xs leading-5 text-ink-soft">
            {exactly(line.at)}
          </time>
          <span>{inOwnTime(line.message)}</span>
        </li>
      ))}
    </ol>
  );
}
