import { randomUUID } from 'node:crypto';
import { entityOf, type MappedRecord, type RejectedRecord } from '@syncline/connector-kit';
import { practicePanther } from '@syncline/connectors';
import {
  type ClaimedRun,
  type CommitOutcome,
  type Connection,
  claimRun,
  commitPages,
  createJob,
  createVault,
  ensureConnection,
  ensureOrganization,
  type NewJob,
  type PageBatch,
  type PlannedRun,
  readShapes,
  type Target,
  tableSql,
  type Vault,
} from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';

type EntityName = keyof typeof places;
export type Row = Record<string, unknown>;

/** Where each entity's records go, and the column of their ids. */
const places = {
  accounts: { table: 'accounts', key: 'pp_account_id' },
  contacts: { table: 'contacts', key: 'pp_contact_id' },
  matters: { table: 'exchanges', key: 'pp_matter_id' },
  tasks: { table: 'tasks', key: 'pp_task_id' },
  emails: { table: 'emails', key: 'pp_email_id' },
  events: { table: 'events', key: 'pp_event_id' },
} as const;

/** A database, and the key of its secrets. */
type SceneBed = Pick<TestBed, 'db' | 'encryptionKey'>;

/** A connection of its own with a live job, in a database that others may share. */
export interface Scene {
  readonly bed: SceneBed;
  readonly vault: Vault;
  readonly connection: Connection;
  readonly jobId: string;
  claim(entity: EntityName): Promise<ClaimedRun>;
  /** Commits one page as the holder of a run. */
  commit(run: ClaimedRun, records: readonly MappedRecord[], batch?: Partial<PageBatch>): Promise<CommitOutcome>;
  /** Claims the entity's run and commits one page, not the last. */
  write(entity: EntityName, records: readonly MappedRecord[], batch?: Partial<PageBatch>): Promise<CommitOutcome>;
  target(entity: EntityName, firstLoad?: boolean): Target;
  /** The rows of an entity by their vendor ids, with Postgres' own marks of having been touched. */
  rows(entity: EntityName): Promise<Record<string, Row>>;
  progress(entity: EntityName): Promise<Row>;
  failedItems(entity: EntityName): Promise<Row[]>;
}

export async function createScene(
  bed: SceneBed,
  entities: readonly EntityName[] = ['accounts', 'contacts', 'matters', 'tasks'],
): Promise<Scene> {
  const vault = createVault([bed.encryptionKey]);
  const organizationId = await ensureOrganization(bed.db, `org-${randomUUID()}`, 'A firm');
  const connection = await ensureConnection(bed.db, vault, {
    organizationId,
    connector: 'practicepanther',
    name: 'test',
    settings: {},
    credentials: { clientId: 'c', clientSecret: 's' },
  });
  const jobId = await createJob(bed.db, connection, jobOver(entities));
  const shapes = await readShapes(
    bed.db,
    Object.values(places).map(({ table }) => table),
  );
  const ofConnection = sql`connection_id = ${connection.id}::uuid`;

  const target = (entity: EntityName, firstLoad = false): Target => {
    const { table } = entityOf(practicePanther, entity);
    const parentOf = (reference: { entity: string }) => entityOf(practicePanther, reference.entity).table;
    const children = practicePanther.entities.flatMap((child) =>
      (child.table.references ?? [])
        .filter((reference) => reference.entity === entity)
        .map((reference) => ({ table: child.table, reference })),
    );
    const statements = tableSql({ table, parentOf, children }, shapes);
    return { sql: statements, organizationId, connectionId: connection.id, firstLoad };
  };
  const claim = async (entity: EntityName) => {
    const run = await claimRun(bed.db, jobId, entity, randomUUID());
    if (run === undefined) throw new Error(`the run of ${entity} cannot be claimed`);
    return run;
  };
  const commit: Scene['commit'] = (run, records, batch = {}) =>
    commitPages(bed.db, target(run.entity as EntityName), run, { ...page(records, run.pages), ...batch });
  return {
    bed,
    vault,
    connection,
    jobId,
    claim,
    commit,
    target,
    write: async (entity, records, batch) => commit(await claim(entity), records, batch),
    rows: async (entity) => {
      const { table, key } = places[entity];
      const { rows } = await sql<Row>`
        select *, xmin::text, xmax::text, ctid::text from ${sql.table(table)} where ${ofConnection}`.execute(bed.db);
      return Object.fromEntries(rows.map((row) => [String(row[key]), row]));
    },
    progress: (entity) =>
      bed.db
        .selectFrom('sync_progress')
        .selectAll()
        .where('sync_job_id', '=', jobId)
        .where('entity', '=', entity)
        .executeTakeFirstOrThrow(),
    failedItems: (entity) =>
      bed.db
        .selectFrom('sync_failed_items')
        .selectAll()
        .where('connection_id', '=', connection.id)
        .where('entity', '=', entity)
        .orderBy('vendor_id')
        .execute(),
  };
}

/** A manual full job over these entities; `run` changes how their runs are planned. */
export function jobOver(entities: readonly string[], run: Partial<PlannedRun> = {}): NewJob {
  return {
    syncType: 'full',
    mode: 'full',
    trigger: 'manual',
    triggeredBy: null,
    runs: entities.map((entity) => ({
      entity,
      mode: 'full',
      modeReason: null,
      lowerBound: null,
      upperBound: null,
      cursor: undefined,
      recordsExpected: null,
      ...run,
    })),
  };
}

export function page(records: readonly MappedRecord[], pagesBefore = 0): PageBatch {
  return {
    pages: 1,
    pagesBefore,
    records,
    rejected: [],
    lossless: false,
    asOf: new Date(),
    cursor: { after: pagesBefore + 1 },
    upperBound: undefined,
    mayResolve: true,
  };
}

/** A mapped record; its raw self is made of its values unless given. */
export function record(key: string, values: Row = {}, updatedAt: string | null = null, raw?: unknown): MappedRecord {
  return { key, sourceUpdatedAt: updatedAt, values, flags: [], raw: raw ?? { id: key, ...values } };
}

export function rejected(key: string | undefined, message = 'name: expected a text'): RejectedRecord {
  return { key, code: 'RECORD_INVALID', field: 'name', message, raw: { id: key, name: 7 } };
}

/** What shows that a row was touched: rewritten, or only locked. */
export function marks(rows: Record<string, Row>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rows).map(([id, row]) => [id, `${row['xmin']} ${row['xmax']} ${row['ctid']}`]),
  );
}
