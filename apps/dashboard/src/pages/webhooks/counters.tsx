import type { ReactNode } from 'react';
import type { Webhook } from '../../api/types.js';
import { count } from '../../format/number.js';
import { duration } from '../../format/time.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';

/** What has come since the connection was made, and how it is being dealt with. */
export function Counters({ webhook }: { readonly webhook: Webhook }) {
  const { received, duplicates, ignored, refused, lastRefused, pending, lag } = webhook;
  return (
    <Card title="Deliveries in numbers">
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-b-xl bg-line">
        <Tile label="Received" value={received}>
          since the connection was made
        </Tile>
        <Tile label="Known already" value={duplicates}>
          sent twice, or about what waits anyway
        </Tile>
        <Tile label="Ignored" value={ignored.unknownType + ignored.otherSource}>
          {count(ignored.unknownType)} of other kinds, {count(ignored.otherSource)} about what is not synced
        </Tile>
        <Tile label="Refused" value={refused} isBad={refused > 0}>
          {lastRefused ? (
            <>
              <Moment at={lastRefused.at} />: {lastRefused.reason}
            </>
          ) : (
            'none'
          )}
        </Tile>
        <Tile label="Waiting" value={pending}>
          {lag.oldestPendingSeconds === null
            ? 'everything is settled'
            : `the oldest for ${duration(lag.oldestPendingSeconds)}`}
        </Tile>
        <Tile label="From delivery to row" value={lag.p50Seconds === null ? '–' : duration(lag.p50Seconds)}>
          {lag.p99Seconds === null
            ? 'nothing in the last day'
            : `99 of 100 within ${duration(lag.p99Seconds)}; ${count(lag.failed)} failed`}
        </Tile>
      </dl>
    </Card>
  );
}

interface TileProps {
  readonly label: string;
  readonly value: number | string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Tile({ label, value, isBad = false, children }: TileProps) {
  return (
    <div className="min-w-0 bg-surface px-4 py-3">
      <dt className="text-xs text-ink-soft">{label}</dt>
      <dd className={`tabular text-xl font-semibold tracking-tight ${isBad ? 'text-bad' : ''}`}>
        {typeof value === 'number' ? count(value) : value}
      </dd>
      <dd className="text-xs break-words text-ink-soft">{children}</dd>
    </div>
  );
}
