import { countFailedItems, type Db, type JobView, listJobs, type RunView } from '@syncline/store';

/** How a sync ended. */
export interface SyncResult {
  readonly jobId: string;
  /** `partial`: it ended, but not whole; the entities say what is missing. */
  readonly status: 'succeeded' | 'partial' | 'failed' | 'cancelled';
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Records and runs of this sync that did not work out and still wait to be tried again, or for somebody. */
  readonly failedItems: number;
  /** In the order they were synced. */
  readonly entities: readonly EntityResult[];
}

/** An entity's part; read = created + updated + unchanged + failed. */
export type EntityResult = Pick<
  RunView,
  | 'entity'
  | 'status'
  | 'mode'
  | 'modeReason'
  | 'recordsRead'
  | 'recordsCreated'
  | 'recordsUpdated'
  | 'recordsUnchanged'
  | 'recordsFailed'
  | 'recordsDeleted'
  | 'errorCode'
  | 'errorMessage'
  | 'startedAt'
  | 'endedAt'
>;

/** Undefined when there is no such job, or not any more. */
export async function readResult(db: Db, organizationId: string, jobId: string): Promise<SyncResult | undefined> {
  const [job] = await listJobs(db, organizationId, { id: jobId }, { limit: 1, offset: 0 });
  if (job === undefined) return undefined;
  const failedItems = await countFailedItems(db, organizationId, { syncJobId: jobId, status: 'open' });
  const { status, errorCode, errorMessage, startedAt, endedAt } = job;
  if (status === 'queued' || status === 'running') return undefined;
  return { jobId, status, errorCode, errorMessage, startedAt, endedAt, failedItems, entities: resultsOf(job) };
}

function resultsOf({ entities }: JobView): EntityResult[] {
  return entities.map(({ pages: _, recordsExpected: __, waitingFor: ___, waitingUntil: ____, ...result }) => result);
}
