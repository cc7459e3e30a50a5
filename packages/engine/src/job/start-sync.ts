import { type Connector, SyncError, type SyncSettings } from '@syncline/connector-kit';
import {
  type Actor,
  type Connection,
  createJob,
  type Db,
  type EntityState,
  insertHistory,
  type OpenRun,
  type PlannedRun,
  readStates,
  readStop,
  type Selection,
  type Trigger,
} from '@syncline/store';
import { inSpan, traceOfJob } from '@syncline/tracing';
import { settingsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';
import { giveWay } from '../history/give-way.js';
import { entitiesOfHistory, monthsOfHistory } from '../history/history-of.js';
import { isTrailing, planRuns } from '../plan/plan-runs.js';
import { planSelection } from '../plan/plan-selection.js';
import { selectEntities } from '../plan/select-entities.js';
import { layFlow } from './continue-job.js';

export type SyncRequest = SyncOrder & (WholeSync | SelectiveSync);
export type WholeSyncRequest = SyncOrder & WholeSync;

interface SyncOrder {
  /** What was asked for, in the words of whoever asked; kept for the history. */
  readonly syncType: string;
  /** Entities to sync, with all they depend on; empty for all. Records by their ids: their entity alone. */
  readonly entities: readonly string[];
  readonly trigger: Trigger;
  readonly triggeredBy: string | null;
  /** Who asked, where it was somebody: noted in the audit log with the job. */
  readonly by?: Actor | undefined;
  /** It goes by an access of its own, to this host: see `startAdhocSync`. */
  readonly adhocHost?: string | undefined;
}

interface WholeSync {
  readonly mode: 'full' | 'incremental';
  /** Entities that are synced in another mode than `mode`. */
  readonly modes?: ReadonlyMap<string, 'full' | 'incremental'>;
  /** Incremental runs read at least what changed since then, even if they would begin later by themselves. */
  readonly since?: Date | undefined;
  readonly selection?: undefined;
}

interface SelectiveSync {
  readonly mode: 'backfill';
  /** Nothing but this is read. What is known of the entities as a whole stays as it is. */
  readonly selection: Selection;
  /** Of a span: what the entities depend on is not read along. */
  readonly alone?: boolean;
  /**
   * Given, the sync is a window of the history: these runs and no others, each from where it stands. Any other sync of the
   * connection takes its place.
   */
  readonly window?: readonly OpenRun[] | undefined;
}

export interface StartedSync {
  readonly jobId: string;
  /** In the order they are synced. */
  readonly entities: readonly string[];
  /** False when Redis is away: the job is safe in Postgres and starts when Redis is back. */
  readonly enqueued: boolean;
}

type StartContext = Pick<EngineContext, 'db' | 'flows' | 'connectors' | 'log'>;

/**
 * Starts a sync of a connection: the job is in Postgres before it is in any queue.
 *
 * Throws SyncError SYNC_ALREADY_RUNNING, SYNC_STOPPED, CONNECTION_NOT_READY, CONNECTION_SETTINGS_INVALID, VALIDATION_FAILED
 * for a selection that the entities cannot be read by, and RangeError for an entity that the connector does not have.
 */
export async function startSync(ctx: StartContext, connection: Connection, request: SyncRequest): Promise<StartedSync> {
  return enqueueSync(ctx, await createSync(ctx, connection, request));
}

/** A sync that stands in Postgres and in no queue yet. */
export interface CreatedSync {
  readonly jobId: string;
  readonly connection: Connection;
  /** In the order they are synced. */
  readonly entities: readonly string[];
  readonly request: SyncRequest;
  /** Why an entity is read otherwise than was asked for: in full, because its watermark is too old. */
  readonly modeReasons: Readonly<Record<string, string>>;
}

/**
 * The first half of a start, in Postgres: for a transaction of the caller, if `ctx.db` is one. A window of the connection's
 * history that is being read gives way; and where a first sync leaves what was before it to the history, that begins.
 *
 * Throws like `startSync`.
 */
export async function createSync(
  ctx: Pick<StartContext, 'db' | 'connectors'>,
  connection: Connection,
  request: SyncRequest,
): Promise<CreatedSync> {
  if ((await readStop(ctx.db, connection.organizationId)) !== undefined) throw new SyncError('SYNC_STOPPED');
  const { syncType, mode, selection, trigger, triggeredBy, by, adhocHost } = request;
  // Credentials that were refused keep nobody from others.
  const isRefused = connection.status === 'needs_reauth' && adhocHost === undefined;
  if (connection.status === 'paused' || isRefused) {
    const why = connection.statusReason === null ? '' : `: ${connection.statusReason}`;
    throw new SyncError('CONNECTION_NOT_READY', `The connection is ${connection.status}${why}`);
  }
  const connector = connectorOf(ctx, connection.connector);
  const settings = settingsOf(connector, connection);
  const runs =
    request.mode === 'backfill'
      ? planSelection(connector, request.entities, request.selection, new Date(), request)
      : await planWhole(ctx, connector, connection, settings, request);
  const job = { syncType, mode, selection, trigger, triggeredBy, by, adhocHost, runs };
  const create = async (trx: Db) => {
    if (request.mode !== 'backfill' || request.window === undefined) await giveWay(trx, connector, connection);
    const jobId = await createJob(trx, connection, job);
    // What an access of its own shows is no beginning: no watermark says that it was read.
    const begins = adhocHost === undefined && runs.some(isTrailing);
    const months = begins ? monthsOfHistory(connector, connection, new Date()) : undefined;
    const { organizationId, id: connectionId } = connection;
    if (months !== undefined) await insertHistory(trx, { organizationId, connectionId }, months);
    return jobId;
  };
  const jobId = ctx.db.isTransaction ? await create(ctx.db) : await ctx.db.transaction().execute(create);
  const modeReasons = Object.fromEntries(
    runs.flatMap(({ entity, modeReason }) => (modeReason === null ? [] : [[entity, modeReason]])),
  );
  return { jobId, connection, entities: runs.map(({ entity }) => entity), request, modeReasons };
}

async function planWhole(
  ctx: Pick<StartContext, 'db'>,
  connector: Connector,
  connection: Connection,
  settings: SyncSettings,
  request: SyncOrder & WholeSync,
): Promise<PlannedRun[]> {
  const known = await readStates(ctx.db, connection.organizationId, connection.id);
  const states = request.adhocHost === undefined ? known : withoutContinuations(known);
  const now = new Date();
  const past = new Set(entitiesOfHistory(connector));
  return selectEntities(connector, request.entities).flatMap((entity) =>
    planRuns([entity], request.modes?.get(entity) ?? request.mode, states, settings, now, request.since, past),
  );
}

/** A place that the connection's own run goes on from is nobody else's. */
function withoutContinuations(states: ReadonlyMap<string, EntityState>): ReadonlyMap<string, EntityState> {
  return new Map([...states].map(([entity, state]) => [entity, { ...state, continuation: null }]));
}

/** The second half: lays the flow of a job that was committed. A Redis that is away is no failure. */
export function enqueueSync(ctx: StartContext, created: CreatedSync): Promise<StartedSync> {
  const { jobId, connection, request } = created;
  const { organizationId, id: connectionId, connector } = connection;
  const subject = { organizationId, connectionId, connector, syncJobId: jobId };
  const attributes = { 'syncline.mode': request.mode, 'syncline.trigger': request.trigger };
  return inSpan('sync job', { subject, attributes, leadsTo: traceOfJob(jobId) }, () => enqueue(ctx, created));
}

async function enqueue(ctx: StartContext, created: CreatedSync): Promise<StartedSync> {
  const { jobId, connection, entities, request, modeReasons } = created;
  const { syncType, mode, selection, trigger } = request;
  const { organizationId, id: connectionId, connector } = connection;
  const place = { organizationId, connectionId, connector, syncJobId: jobId };
  ctx.log.info(
    { event: 'sync.created', ...place, syncType, mode, selection, trigger, entities, modeReasons },
    'sync job created',
  );
  try {
    await layFlow(ctx, { id: jobId, organizationId, flowRound: 0 }, connector, entities);
    return { jobId, entities, enqueued: true };
  } catch (error) {
    ctx.log.warn(
      { event: 'redis.awaited', err: error, ...place },
      'Redis is away; the reconciler adds the flow when it is back',
    );
    return { jobId, entities, enqueued: false };
  }
}
