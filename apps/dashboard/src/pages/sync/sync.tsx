import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useConnection } from '../../api/connections.js';
import { useMay } from '../../api/session.js';
import { jobQuery, useCancel } from '../../api/syncs.js';
import type { SyncJob } from '../../api/types.js';
import { wordsForHoldup } from '../../format/holdup.js';
import { duration, inOwnTime } from '../../format/time.js';
import { nameOfConnector } from '../../format/words.js';
import { Page } from '../../layout/page.js';
import { Answer } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Moment, useNow } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { wordsFor } from '../../ui/states.js';
import { Status } from '../../ui/status.js';
import { EntityRuns } from './entity-runs.js';
import { Flow } from './flow.js';
import { JobLog } from './job-log.js';

/** One sync: how far it is, what it waits for, what came of it. */
export function Sync() {
  const { id } = useParams({ from: '/inside/syncs/$id' });
  const job = useQuery(jobQuery(id));
  return (
    <Answer to={job} rows={8}>
      {(found) => <SyncPage job={found} />}
    </Answer>
  );
}

function SyncPage({ job }: { readonly job: SyncJob }) {
  const cancel = useCancel(job.id);
  const mayCancel = useMay('operator');
  const seesQueues = useMay('platform');
  const { name, connector } = useConnection(job.connectionId).data ?? {};
  const isLive = job.status === 'queued' || job.status === 'running';
  return (
    <Page
      title={`${job.mode === 'full' ? 'Full' : job.mode === 'incremental' ? 'Incremental' : 'Selective'} sync`}
      about={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Status of={job.status} />
          <Link to="/connections/$id" params={{ id: job.connectionId }} className="underline-offset-2 hover:underline">
            {name ?? 'Connection'}
          </Link>
          {connector && <span>{nameOfConnector(connector)}</span>}
          <span>
            {job.trigger}
            {job.triggeredBy && ` by ${job.triggeredBy}`}, <Moment at={job.createdAt} />
          </span>
          <Took job={job} />
        </span>
      }
      actions={
        isLive &&
        mayCancel && (
          <Button look="danger" isBusy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel
          </Button>
        )
      }
    >
      {cancel.error && <Note tone="bad">{wordsFor(cancel.error).title}</Note>}
      {job.errorMessage && (
        <Note tone="bad">
          {job.errorMessage}
          {job.errorCode && <code className="ml-2 text-xs">{job.errorCode}</code>}
        </Note>
      )}
      {job.holdup && (
        <Note tone="warn">
          {job.holdup.entity && <b>{job.holdup.entity}: </b>}
          {wordsForHoldup(job.holdup.reason)}
          {job.holdup.until && (
            <>
              ; goes on <Moment at={job.holdup.until} />
            </>
          )}
          <span className="block text-xs text-ink-soft">{inOwnTime(job.holdup.detail)}</span>
        </Note>
      )}
      <Flow entities={job.entities} />
      <Card title="Entities">
        <EntityRuns
          entities={job.entities}
          connectionId={job.connectionId}
          queueOf={seesQueues && connector !== undefined ? (entity) => `${connector}-${entity}` : undefined}
        />
      </Card>
      <JobLog jobId={job.id} />
    </Page>
  );
}

function Took({ job }: { readonly job: SyncJob }) {
  const now = useNow();
  if (job.startedAt === null) return null;
  const end = job.endedAt === null ? now : Date.parse(job.endedAt);
  const seconds = Math.max(0, (end - Date.parse(job.startedAt)) / 1_000);
  return (
    <span>
      {job.endedAt === null ? 'for' : 'took'} {duration(seconds)}
    </span>
  );
}
