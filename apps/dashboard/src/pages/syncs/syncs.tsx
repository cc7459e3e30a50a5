import { useNavigate, useSearch } from '@tanstack/react-router';
import type { SyncFilter } from '../../api/syncs.js';
import { ConnectionFilter } from '../../layout/connection-filter.js';
import { Page } from '../../layout/page.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { SyncList } from './sync-list.js';

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
          <ConnectionFilter value={filter.connectionId} onChoose={(connectionId) => choose({ connectionId })} />
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
