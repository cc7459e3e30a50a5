import { Link } from '@tanstack/react-router';
import { useLive } from '../../api/live.js';
import type { ConnectionOverview } from '../../api/types.js';
import { count } from '../../format/number.js';
import { duration } from '../../format/time.js';
import { nameOfConnector } from '../../format/words.js';
import { Meter } from '../../ui/meter.js';
import { Moment } from '../../ui/moment.js';
import { Status } from '../../ui/status.js';
import { Cell, Row, Table } from '../../ui/table.js';

const columns = [
  ...['Connection', 'State', 'Freshness', 'Last sync', 'Next sync', 'Budget'],
  { number: 'Failed items' },
];

export function ConnectionTable({ connections }: { readonly connections: readonly ConnectionOverview[] }) {
  const { jobs } = useLive();
  if (connections.length === 0) return null;
  return (
    <Table label="Connections" columns={columns}>
      {connections.map((connection) => {
        const live = jobs?.find(({ id }) => id === connection.running?.jobId);
        return <ConnectionRow key={connection.id} connection={connection} livePercent={live?.percent} />;
      })}
    </Table>
  );
}

interface ConnectionRowProps {
  readonly connection: ConnectionOverview;
  /** Newer than what the row was read with. */
  readonly livePercent: number | null | undefined;
}

function ConnectionRow({ connection, livePercent }: ConnectionRowProps) {
  const { id, name, connector, state, status, statusReason, freshness, running, lastSync, nextSyncAt, budget } =
    connection;
  return (
    <Row>
      <Cell label="Connection" isTitle>
        <div className="min-w-0">
          <Link to="/connections/$id" params={{ id }} className="font-medium hover:underline">
            {name}
          </Link>
          <p className="text-xs text-ink-soft">{nameOfConnector(connector)}</p>
        </div>
      </Cell>
      <Cell label="State">
        <div className="flex flex-col gap-1 max-md:items-end">
          <span title={statusReason ?? undefined}>
            <Status of={state === 'problem' && status !== 'active' ? status : state} />
          </span>
          {running && (
            <span className="flex w-28 flex-col gap-1">
              <Meter label={`${name}: progress`} percent={livePercent ?? running.percent} />
            </span>
          )}
        </div>
      </Cell>
      <Cell label="Freshness">
        <Freshness {...freshness} />
      </Cell>
      <Cell label="Last sync">
        {lastSync ? (
          <Link to="/syncs/$id" params={{ id: lastSync.jobId }} className="hover:underline">
            {lastSync.status !== 'succeeded' && <Status of={lastSync.status} />} <Moment at={lastSync.endedAt} />
            {lastSync.durationSeconds !== null && (
              <span className="text-xs whitespace-nowrap text-ink-soft md:block">
                {' '}
                in {duration(lastSync.durationSeconds)}
              </span>
            )}
          </Link>
        ) : (
          <span className="text-ink-soft">none yet</span>
        )}
      </Cell>
      <Cell label="Next sync">
        {nextSyncAt ? <Moment at={nextSyncAt} /> : <span className="text-ink-soft">none is due</span>}
      </Cell>
      <Cell label="Budget" isMinor={budget === null || budget.used < budget.limit / 2}>
        {budget ? <Budget {...budget} /> : <span className="text-ink-soft">unused</span>}
      </Cell>
      <Cell label="Failed items" isNumber isMinor={connection.openFailedItems === 0}>
        {connection.openFailedItems > 0 ? (
          <Link
            to="/failed-items"
            search={{ connectionId: id }}
            className="font-medium text-bad underline-offset-2 hover:underline"
          >
            {count(connection.openFailedItems)}
          </Link>
        ) : (
          <span className="text-ink-soft">none</span>
        )}
      </Cell>
    </Row>
  );
}

export function Freshness({ ageSeconds, targetSeconds, isStale }: ConnectionOverview['freshness']) {
  if (ageSeconds === null) return <span className="text-ink-soft">unknown</span>;
  return (
    <span className={isStale ? 'text-bad' : undefined}>
      <span className="whitespace-nowrap">{duration(ageSeconds)} old</span>
      {targetSeconds !== null && (
        <span className="text-xs whitespace-nowrap text-ink-soft md:block"> of {duration(targetSeconds)}</span>
      )}
    </span>
  );
}

function Budget({ used, limit, windowSeconds }: NonNullable<ConnectionOverview['budget']>) {
  const percent = limit === 0 ? 0 : (100 * used) / limit;
  return (
    <span className="flex w-24 flex-col gap-1" title={`${used} of ${limit} requests in ${duration(windowSeconds)}`}>
      <span className="text-xs text-ink-soft">
        {count(used)} / {count(limit)}
      </span>
      <Meter label="Budget used" percent={percent} tone={percent > 95 ? 'bad' : percent > 80 ? 'warn' : 'accent'} />
    </span>
  );
}
