import { Tabs } from '@base-ui/react/tabs';
import { useParams } from '@tanstack/react-router';
import { Pause, Play, Plug, RefreshCw, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useConnection, usePauseOrResume, useTest, useVerify } from '../../api/connections.js';
import { useMay } from '../../api/session.js';
import type { Connection as Given } from '../../api/types.js';
import { nameOfConnector } from '../../format/words.js';
import { Page } from '../../layout/page.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { Failure, Loading, wordsFor } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { SyncList } from '../syncs/syncs.js';
import { Credentials } from './credentials.js';
import { EntityTable } from './entity-table.js';
import { Schedules } from './schedules.js';
import { SyncNow } from './sync-now.js';

/** One connection: how its entities are, and everything that can be done to it. */
export function Connection() {
  const { id } = useParams({ from: '/inside/connections/$id' });
  const connection = useConnection(id);
  if (connection.isPending) return <Loading rows={8} />;
  if (connection.isError) return <Failure error={connection.error} onRetry={() => connection.refetch()} />;
  return <ConnectionPage connection={connection.data} />;
}

const tab =
  'min-h-9 border-b-2 border-transparent px-3 text-sm text-ink-soft hover:text-ink data-[active]:border-accent data-[active]:font-medium data-[active]:text-ink';

function ConnectionPage({ connection }: { readonly connection: Given }) {
  const { id, name, connector, status, statusReason, nextSyncAt, notices } = connection;
  const mayAdminister = useMay('admin');
  return (
    <Page
      title={name}
      about={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {nameOfConnector(connector)} <Status of={status} />
          {nextSyncAt && (
            <span>
              next sync <Moment at={nextSyncAt} />
            </span>
          )}
        </span>
      }
      actions={<Actions connection={connection} />}
    >
      {statusReason && <Note tone={status === 'active' ? 'warn' : 'bad'}>{statusReason}</Note>}
      {notices.map((notice) => (
        <Note key={notice} tone="warn">
          {notice}
        </Note>
      ))}
      <Tabs.Root defaultValue="entities" className="flex flex-col gap-4">
        <Tabs.List className="flex overflow-x-auto border-b border-line">
          <Tabs.Tab value="entities" className={tab}>
            Entities
          </Tabs.Tab>
          <Tabs.Tab value="schedules" className={tab}>
            Schedules
          </Tabs.Tab>
          <Tabs.Tab value="syncs" className={tab}>
            Syncs
          </Tabs.Tab>
          {mayAdminister && (
            <Tabs.Tab value="credentials" className={tab}>
              Credentials
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="entities">
          <Card>
            <EntityTable connectionId={id} />
          </Card>
        </Tabs.Panel>
        <Tabs.Panel value="schedules">
          <Schedules connectionId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="syncs">
          <Card>
            <SyncList filter={{ connectionId: id }} />
          </Card>
        </Tabs.Panel>
        {mayAdminister && (
          <Tabs.Panel value="credentials">
            <Credentials connection={connection} />
          </Tabs.Panel>
        )}
      </Tabs.Root>
    </Page>
  );
}

function Actions({ connection: { id, status } }: { readonly connection: Given }) {
  const [isSyncing, setSyncing] = useState(false);
  const pause = usePauseOrResume(id);
  const test = useTest(id);
  const verify = useVerify(id);
  if (!useMay('operator')) return null;
  const failed = pause.error ?? test.error ?? verify.error;
  return (
    <div className="flex flex-col items-end gap-2">
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon={<RefreshCw size={15} aria-hidden="true" />} onClick={() => setSyncing(true)}>
          Sync now
        </Button>
        <Button
          icon={<Plug size={15} aria-hidden="true" />}
          isBusy={test.isPending}
          onClick={() => test.mutate(undefined)}
        >
          Test
        </Button>
        <Button
          icon={<ShieldCheck size={15} aria-hidden="true" />}
          isBusy={verify.isPending}
          onClick={() => verify.mutate(undefined)}
        >
          Verify
        </Button>
        {status === 'paused' ? (
          <Button
            icon={<Play size={15} aria-hidden="true" />}
            isBusy={pause.isPending}
            onClick={() => pause.mutate('resume')}
          >
            Resume
          </Button>
        ) : (
          <Button
            icon={<Pause size={15} aria-hidden="true" />}
            isBusy={pause.isPending}
            onClick={() => pause.mutate('pause')}
          >
            Pause
          </Button>
        )}
      </div>
      <p role="status" className="text-xs text-ink-soft">
        {failed && <span className="text-bad">{wordsFor(failed).title}</span>}
        {!failed &&
          test.isSuccess &&
          (test.data.success ? 'The vendor accepts the credentials.' : 'The vendor refuses.')}
        {!failed && verify.isSuccess && 'The verification has begun.'}
      </p>
      <SyncNow connectionId={id} isOpen={isSyncing} onClose={() => setSyncing(false)} />
    </div>
  );
}
