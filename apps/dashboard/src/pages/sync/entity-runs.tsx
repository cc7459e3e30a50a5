import { Link } from '@tanstack/react-router';
import type { EntityRun } from '../../api/types.js';
import { compact, count, countOf } from '../../format/number.js';
import { duration, inOwnTime } from '../../format/time.js';
import { Meter } from '../../ui/meter.js';
import { useNow } from '../../ui/moment.js';
import { Status } from '../../ui/status.js';
import { Cell, Row, Table } from '../../ui/table.js';

interface EntityRunsProps {
  readonly entities: readonly EntityRun[];
  readonly connectionId: string;
  /** Undefined for those who may not see the queues. */
  readonly queueOf?: ((entity: string) => string) | undefined;
}

const columns = [
  ...['Entity', 'State', 'Progress'],
  ...['Read', 'New', 'Changed', 'Deleted', 'Failed'].map((number) => ({ number })),
];

/** Each entity with how far it is, its counts, its rate and what is left. */
export function EntityRuns({ entities, connectionId, queueOf }: EntityRunsProps) {
  return (
    <Table label="Entities" columns={columns}>
      {entities.map((run) => (
        <Row key={run.entity}>
          <Cell label="Entity" isTitle>
            <div>
              <span className="font-medium">{run.entity}</span>
              <p className="max-w-64 text-xs text-ink-soft">
                {run.mode}
                {run.modeReason && `: ${run.modeReason}`}
                {queueOf && (
                  <>
                    {' · '}
                    <Link to="/queues" search={{ queue: queueOf(run.entity) }} className="underline underline-offset-2">
                      queue<span className="sr-only"> of {run.entity}</span>
                    </Link>
                  </>
                )}
              </p>
            </div>
          </Cell>
          <Cell label="State">
            <div>
              <Status of={run.status} />
              {run.errorCode && (
                <p className="mt-0.5 text-xs">
                  <Link
                    to="/failed-items"
                    search={{ connectionId, entity: run.entity }}
                    className="text-bad underline underline-offset-2"
                  >
                    {run.errorCode}
                  </Link>
                </p>
              )}
              {run.errorMessage && <p className="max-w-64 text-xs text-ink-soft">{inOwnTime(run.errorMessage)}</p>}
            </div>
          </Cell>
          <Cell label="Progress" isMinor={run.status === 'pending' && run.waitingFor === null}>
            <Progress run={run} />
          </Cell>
          <Cell label="Read" isNumber isMinor={run.recordsRead === 0}>
            {count(run.recordsRead)}
          </Cell>
          <Cell label="New" isNumber isMinor={run.recordsCreated === 0}>
            {count(run.recordsCreated)}
          </Cell>
          <Cell label="Changed" isNumber isMinor={run.recordsUpdated === 0}>
            {count(run.recordsUpdated)}
          </Cell>
          <Cell label="Deleted" isNumber isMinor={run.recordsDeleted === 0}>
            {count(run.recordsDeleted)}
          </Cell>
          <Cell label="Failed" isNumber isMinor={run.recordsFailed === 0}>
            {run.recordsFailed > 0 ? (
              <Link
                to="/failed-items"
                search={{ connectionId, entity: run.entity }}
                className="font-medium text-bad underline-offset-2 hover:underline"
              >
                {count(run.recordsFailed)}
              </Link>
            ) : (
              '0'
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function Progress({ run }: { readonly run: EntityRun }) {
  const now = useNow();
  if (run.status === 'pending') return <span className="text-ink-soft">{run.waitingFor ?? 'not begun'}</span>;
  const pages = countOf(run.pages, 'page');
  if (run.status !== 'running' || run.startedAt === null) return <span className="text-ink-soft">{pages}</span>;
  const seconds = Math.max(1, (now - Date.parse(run.startedAt)) / 1_000);
  const rate = run.recordsRead / seconds;
  const left = run.recordsExpected === null ? undefined : Math.max(0, run.recordsExpected - run.recordsRead);
  return (
    <span className="flex w-44 flex-col gap-1">
      <Meter label={`${run.entity}: progress`} percent={run.percent} />
      <span className="text-xs text-ink-soft">
        {pages} · {compact(rate)}/s
        {left !== undefined && rate > 0 && ` · ${duration(left / rate)} left`}
      </span>
    </span>
  );
}
