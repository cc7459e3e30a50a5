import { Link } from '@tanstack/react-router';
import type { Alert } from '../../api/types.js';
import { alertWords } from '../../format/alerts.js';
import { duration, inOwnTime } from '../../format/time.js';
import { nameOfConnector } from '../../format/words.js';
import { Badge } from '../../ui/badge.js';
import { Moment, useNow } from '../../ui/moment.js';
import { Empty } from '../../ui/states.js';
import { Cell, Row, Table } from '../../ui/table.js';
import { AlertAdvice } from './alert-advice.js';

interface AlertTableProps {
  readonly alerts: readonly Alert[];
  /** What is said where there is none. */
  readonly empty: string;
}

export function AlertTable({ alerts, empty }: AlertTableProps) {
  if (alerts.length === 0) return <Empty title={empty}>What was wrong before is under “Closed”.</Empty>;
  return (
    <Table label="Alerts" columns={['What', 'Connection', 'Since', 'Lasted', 'Told']}>
      {alerts.map((alert) => (
        <Row key={alert.id}>
          <Cell label="What" isTitle>
            <What alert={alert} />
          </Cell>
          <Cell label="Connection">
            <Connection alert={alert} />
          </Cell>
          <Cell label="Since" className="whitespace-nowrap">
            <Moment at={alert.raisedAt} />
          </Cell>
          <Cell label="Lasted" className="whitespace-nowrap">
            <Lasted alert={alert} />
          </Cell>
          <Cell label="Told">{told(alert)}</Cell>
        </Row>
      ))}
    </Table>
  );
}

function What({ alert: { kind, message, clearedAt, connectionId, connectionName } }: { readonly alert: Alert }) {
  const { name } = alertWords[kind];
  return (
    <div className="flex max-w-xl flex-col gap-1">
      <p>
        <Badge tone={clearedAt === null ? 'bad' : 'plain'}>{name}</Badge>{' '}
        {clearedAt !== null && <span className="text-xs text-ink-soft">cleared</span>}
      </p>
      <p className="text-sm wrap-anywhere">{inOwnTime(message)}</p>
      {clearedAt === null && connectionName !== null && (
        <p className="text-xs text-ink-soft">
          <AlertAdvice kind={kind} connectionId={connectionId} />
        </p>
      )}
    </div>
  );
}

function Connection({ alert: { connectionId, connectionName, connector } }: { readonly alert: Alert }) {
  return (
    <div>
      {connectionName === null ? (
        <span className="text-ink-soft">deleted since</span>
      ) : (
        <Link to="/connections/$id" params={{ id: connectionId }} className="font-medium hover:underline">
          {connectionName}
        </Link>
      )}
      <p className="text-xs text-ink-soft">{nameOfConnector(connector)}</p>
      {connectionName !== null && (
        <Link
          to="/alerts"
          search={{ connectionId, state: 'all' }}
          className="text-xs text-ink-soft underline underline-offset-2"
        >
          all its alerts
        </Link>
      )}
    </div>
  );
}

function Lasted({ alert: { raisedAt, clearedAt } }: { readonly alert: Alert }) {
  const now = useNow();
  const seconds = ((clearedAt === null ? now : Date.parse(clearedAt)) - Date.parse(raisedAt)) / 1_000;
  return clearedAt === null ? `${duration(seconds)} so far` : duration(seconds);
}

/** How far the messages to the webhook have come. */
function told({ messages }: Alert): string {
  if (messages.length === 0) return 'in the log';
  if (messages.some(({ status }) => status === 'given_up')) return 'webhook: given up';
  return messages.every(({ status }) => status === 'delivered') ? 'webhook: taken' : 'webhook: on its way';
}
