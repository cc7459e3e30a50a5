import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { FailedItemKind, FailedItemStatus, RunStatus, Selection } from '../schema.js';
import { type ItemOwner, shortened } from './failed-items.js';
import { selectionKey } from './selection-key.js';

/** A failed item, as far as one may tell of it outside of Postgres: no payload, no message. */
export interface ItemHead {
  readonly id: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly connector: string;
  readonly entity: string;
  readonly kind: FailedItemKind;
  readonly status: FailedItemStatus;
  readonly vendorId: string | null;
  readonly code: string;
  readonly field: string | null;
}

export async function readItemHead(db: Db, itemId: string): Promise<ItemHead | undefined> {
  return itemHeads(db).where('f.id', '=', itemId).executeTakeFirst();
}

/**
 * The open item of an entity run of a job, or of the job (then the entity is empty), of whatever sync it was last; of a
 * selection, only one that is about the same.
 */
export async function readRunItemHead(
  db: Db,
  syncJobId: string,
  kind: 'entity_run' | 'job',
  entity: string,
): Promise<ItemHead | undefined> {
  return itemHeads(db)
    .innerJoin('sync_jobs as j', 'j.connection_id', 'f.connection_id')
    .where('j.id', '=', syncJobId)
    .where('f.entity', '=', entity)
    .where('f.kind', '=', kind)
    .where('f.status', '<>', 'resolved')
    .where('f.vendor_id', 'is not distinct from', selectionKey('j'))
    .executeTakeFirst();
}

function itemHeads(db: Db) {
  return db
    .selectFrom('sync_failed_items as f')
    .innerJoin('connections as c', 'c.id', 'f.connection_id')
    .select([
      'f.id',
      'f.organization_id as organizationId',
      'f.connection_id as connectionId',
      'c.connector',
      'f.entity',
      'f.kind',
      'f.status',
      'f.vendor_id as vendorId',
      'f.error_code as code',
      'f.field',
    ]);
}

/** Marks an item as dead that was given up under this claim. False when it is in other hands since. */
export async function buryItem(db: Db, itemId: string, claim: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sync_failed_items')
    .set({ status: 'dead', next_attempt_at: null, claim: null, claimed_until: null, updated_at: sql<Date>`now()` })
    .where('id', '=', itemId)
    .where('claim', '=', claim)
    .where('status', '=', 'pending')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The payload of the item of a failed selection. */
export interface BuriedSelection {
  readonly syncType: string;
  readonly selection: Selection;
  /** Of the job. */
  readonly entities: readonly string[];
}

/**
 * Keeps the failure of a whole entity run, or of a job (then the owner's entity is empty), as dead. That of a selection
 * is an item of its own, which knows what it was about: it must not be tried again as anything else, whatever becomes of
 * the job's row.
 */
export async function buryRun(
  db: Db,
  owner: ItemOwner,
  kind: 'entity_run' | 'job',
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  await sql`
    insert into sync_failed_items as f
      (organization_id, connection_id, sync_job_id, entity, kind, error_code, message, status, vendor_id, payload)
    select ${owner.organizationId}, ${owner.connectionId}, ${owner.syncJobId}, ${owner.entity}, ${kind},
      ${failure.code}, ${shortened(failure.message)}, 'dead', ${selectionKey('j')},
      case when j.selection is not null then jsonb_build_object('syncType', j.sync_type, 'selection', j.selection,
        'entities', (select jsonb_agg(p.entity order by p.position) from sync_progress p where p.sync_job_id = j.id)) end
    from sync_jobs j where j.id = ${owner.syncJobId}
    on conflict (connection_id, entity, kind, coalesce(vendor_id, ''))
      where status <> 'resolved' and (kind <> 'record' or vendor_id is not null)
    do update set sync_job_id = excluded.sync_job_id, error_code = excluded.error_code, message = excluded.message,
      attempts = f.attempts + 1, status = 'dead', next_attempt_at = null, claim = null, claimed_until = null, updated_at = now()`.execute(
    db,
  );
}

export interface RunState {
  readonly status: RunStatus;
  readonly epoch: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export async function readRunState(db: Db, syncJobId: string, entity: string): Promise<RunState | undefined> {
  return db
    .selectFrom('sync_progress')
    .select(['status', 'epoch', 'error_code as errorCode', 'error_message as errorMessage'])
    .where('sync_job_id', '=', syncJobId)
    .where('entity', '=', entity)
    .executeTakeFirst();
}

/** Ends an entity run as failed whose queued step cannot be read. Whoever had it in hand before cannot write any more. */
export async function failUnreadRun(
  db: Db,
  syncJobId: string,
  entity: string,
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  await db
    .updateTable('sync_progress')
    .set({
      status: 'failed',
      error_code: failure.code,
      error_message: shortened(failure.message),
      ended_at: sql<Date>`now()`,
      waiting_for: null,
      waiting_until: null,
    })
    .where('sync_job_id', '=', syncJobId)
    .where('entity', '=', entity)
    .where('status', 'in', ['pending', 'running'])
    .execute();
}

export interface FailedRun extends ItemOwner {
  readonly syncJobId: string;
  readonly connector: string;
  readonly epoch: number;
  readonly code: string;
  readonly message: string;
}

/**
 * Failed entity runs of the last day that have no failed item, nor has their job, and no newer job of their connection:
 * their letter was lost with Redis. Only those that ended `seconds` ago or more, so that the letter had its time.
 */
export async function listUnburiedRuns(db: Db, seconds: number, limit: number): Promise<FailedRun[]> {
  const { rows } = await sql<FailedRun>`
    select p.organization_id as "organizationId", p.connection_id as "connectionId", p.sync_job_id as "syncJobId",
      p.entity, p.epoch, c.connector, coalesce(p.error_code, 'INTERNAL') as code, coalesce(p.error_message, '') as message
    from sync_progress p
    join sync_jobs j on j.id = p.sync_job_id
    join connections c on c.id = p.connection_id
    where p.status = 'failed' and p.ended_at > now() - interval '1 day'
      and p.ended_at < now() - make_interval(secs => ${seconds})
      and not exists (select from sync_jobs n where n.connection_id = j.connection_id and n.created_at > j.created_at)
      and not exists (select from sync_failed_items f where f.connection_id = p.connection_id and f.entity = p.entity
        and f.kind = 'entity_run' and f.vendor_id is not distinct from ${selectionKey('j')} and (f.status <> 'resolved' or f.sync_job_id = p.sync_job_id))
      and not exists (select from sync_failed_items f where f.sync_job_id = p.sync_job_id and f.kind = 'job')
    order by p.ended_at limit ${limit}`.execute(db);
  return rows;
}

/** The id of a connection's newest job. */
export async function readLatestJobId(db: Db, connectionId: string): Promise<string | undefined> {
  const job = await db
    .selectFrom('sync_jobs')
    .select('id')
    .where('connection_id', '=', connectionId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return job?.id;
}
