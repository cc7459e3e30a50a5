import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SyncFilter, syncsQuery } from '../../api/syncs.js';
import type { ListedSync } from '../../api/types.js';
import { count } from '../../format/number.js';
import { duration } from '../../format/time.js';
import { nameOfConnector } from '../../format/words.js';
import { Answer, More } from '../../ui/answer.js';
import { Moment } from '../../ui/moment.js';
import { Empty } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { Cell, Row, Table } from '../../ui/table.js';

const columns = [
  ...['Sync', 'Status', 'Started', 'Took'],
  ...['Read', 'New', 'Changed', 'Failed'].map((number) => ({ number })),
];

/** The syncs that a filter leaves; of one connection they need not say whose they are. */
export function SyncList({ filter }: { readonly filter: SyncFilter }) {
  const found = useInfiniteQuery(syncsQuery(filter));
  return (
    <>
      <Answer to={found} rows={8}>
        {({ pages }) => {
          const syncs = pages.flatMap(({ data }) => data);
          return syncs.length === 0 ? (
            <Empty title="No sync is like that" />
          ) : (
            <Table label="Syncs" columns={columns}>
              {syncs.map((sync) => (
                <SyncRow key={sync.id} sync={sync} showsConnection={filter.connectionId === undefined} />
              ))}
            </Table>
          );
        }}
      </Answer>
      <More of={found}>Earlier syncs</More>
    </>
  );
}

function SyncRow({ sync, showsConnection }: { readonly sync: ListedSync; readonly showsConnection: boolean }) {
  return (
    <Row>
      <Cell label="Sync" isTitle>
        <div>
          <Link to="/syncs/$id" params={{ id: sync.id }} className="font-medium hover:underline">
            {showsConnection ? `${sync.connectionName} · ${nameOfConnector(sync.connector)}` : sync.syncType}
          </Link>
          <p className="text-xs text-ink-soft">
            {sync.mode}, {sync.trigger}
          </p>
        </div>
      </Cell>
      <Cell label="Status">
        <Status of={sync.status} />
      </Cell>
      <Cell label="Started">
        <Moment at={sync.startedAt ?? sync.createdAt} />
      </Cell>
      <Cell label="Took">{sync.durationSeconds === null ? '–' : duration(sync.durationSeconds)}</Cell>
      <Cell label="Read" isNumber>
        {count(sync.recordsRead)}
      </Cell>
      <Cell label="New" isNumber isMinor={sync.recordsCreated === 0}>
        {count(sync.recordsCreated)}
      </Cell>
      <Cell label="Changed" isNumber isMinor={sync.recordsUpdated === 0}>
        {count(sync.recordsUpdated)}
      </Cell>
      <Cell
        label="Failed"
        isNumber
        isMinor={sync.recordsFailed === 0}
        className={sync.recordsFailed > 0 ? 'font-medium text-bad' : ''}
      >
        {count(sync.recordsFailed)}
      </Cell>
    </Row>
  );
}
