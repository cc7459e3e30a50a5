import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type SyncFilter, syncsQuery } from '../../api/syncs.js';
import type { ListedSync } from '../../api/types.js';
import { count } from '../../format/number.js';
import { duration } from '../../format/time.js';
import { nameOfConnector } from '../../format/words.js';
import { Page } from '../../layout/page.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { Moment } from '../../ui/moment.js';
import { Empty, Failure, Loading } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { Cell, Row, Table } from '../../ui/table.js';

const statuses = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'];
const triggers = ['manual', 'schedule', 'webhook', 'recovery'];
const modes = ['full', 'incremental', 'backfill'];

/** Every sync, the latest first. */
export function Syncs() {
  const filter = useSearch({ from: '/inside/syncs' });
  const navigate = useNavigate({ from: '/syncs' });
  const choose = (chosen: SyncFilter) => navigate({ search: (now) => ({ ...now, ...chosen }), replace: true });
  return (
    <Page
      title="Syncs"
      actions={
        <>
          <Filter label="Status" value={filter.status} choices={statuses} onChoose={(status) => choose({ status })} />
          <Filter
            label="Trigger"
            value={filter.trigger}
            choices={triggers}
            onChoose={(trigger) => choose({ trigger })}
          />
          <Filter label="Mode" value={filter.mode} choices={modes} onChoose={(mode) => choose({ mode })} />
        </>
      }
    >
      <Card>
        <SyncList filter={filter} />
      </Card>
    </Page>
  );
}

/** The syncs that a filter leaves; of one connection they need not say whose they are. */
export function SyncList({ filter }: { readonly filter: SyncFilter }) {
  const found = useInfiniteQuery(syncsQuery(filter));
  if (found.isPending) return <Loading rows={8} />;
  if (found.isError) return <Failure error={found.error} onRetry={() => found.refetch()} />;
  const syncs = found.data.pages.flatMap(({ data }) => data);
  if (syncs.length === 0) return <Empty title="No sync is like that" />;
  return (
    <>
      <Table label="Syncs" columns={['Sync', 'Status', 'Started', 'Took', 'Read', 'New', 'Changed', 'Failed']}>
        {syncs.map((sync) => (
          <SyncRow key={sync.id} sync={sync} showsConnection={filter.connectionId === undefined} />
        ))}
      </Table>
      {found.hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button isBusy={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
            Earlier syncs
          </Button>
        </div>
      )}
    </>
  );
}

function SyncRow({ sync, showsConnection }: { readonly sync: ListedSync; readonly showsConnection: boolean }) {
  return (
    <Row>
      <Cell label="Sync">
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
      <Cell label="Read">{count(sync.recordsRead)}</Cell>
      <Cell label="New">{count(sync.recordsCreated)}</Cell>
      <Cell label="Changed">{count(sync.recordsUpdated)}</Cell>
      <Cell label="Failed" className={sync.recordsFailed > 0 ? 'font-medium text-bad' : ''}>
        {count(sync.recordsFailed)}
      </Cell>
    </Row>
  );
}
