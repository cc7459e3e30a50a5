import { Link } from '@tanstack/react-router';
import { useLive } from '../../api/live.js';
import { wordsForHoldup } from '../../format/holdup.js';
import { count } from '../../format/number.js';
import { nameOfConnector } from '../../format/words.js';
import { Card } from '../../ui/card.js';
import { Meter } from '../../ui/meter.js';
import { Status } from '../../ui/status.js';

/** Live: what is being synced, and how far it is. */
export function RunningNow() {
  const { jobs = [] } = useLive();
  const running = jobs.filter(({ status }) => status === 'running' || status === 'queued');
  if (running.length === 0) return null;
  return (
    <Card title="Running now">
      <ul className="divide-y divide-line">
        {running.map((job) => (
          <li
            key={job.id}
            className="grid items-center gap-x-4 gap-y-1.5 px-4 py-3 text-sm md:grid-cols-[1fr_12rem_7rem]"
          >
            <div className="min-w-0">
              <Link to="/syncs/$id" params={{ id: job.id }} className="font-medium hover:underline">
                {job.connectionName}
              </Link>
              <span className="text-ink-soft">
                {' '}
                {nameOfConnector(job.connector)}
                {job.entity && ` · ${job.entity}`} · {count(job.recordsRead)} read
                {job.holdup && ` · ${wordsForHoldup(job.holdup)}`}
              </span>
            </div>
            <Meter label="Progress" percent={job.percent} />
            <div className="md:text-right">
              <Status of={job.status} />
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
