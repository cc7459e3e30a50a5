import { randomUUID } from 'node:crypto';
import { isSyncError, SyncError } from '@syncline/connector-kit';
import { defaultPrefix } from '@syncline/queue';
import { ensureOrganization } from '@syncline/store';
import { type Logger, pino } from 'pino';
import type { EngineContext } from '../context.js';
import { defaultOrganization } from '../environment-connections.js';
import { createProgressWatch } from '../progress/progress-watch.js';
import { logTrouble } from '../wiring/log-trouble.js';
import { loggedError } from '../wiring/logged-error.js';
import { type OpenEngine, openEngine } from '../wiring/open-engine.js';
import { secretPaths } from '../wiring/secret-paths.js';
import { startWork } from '../wiring/start-work.js';
import { checkDatabase, checkRedis, migrateFirst, openWaiting } from './check-services.js';
import { type ConnectionGiven, defaultName, ensure, find, type Owner, type SynclineConnection } from './connections.js';
import { ClosedError, SetupError } from './errors.js';
import type { SynclineOptions } from './options.js';
import { type StartSyncOptions, startOrFind } from './start-or-find.js';
import { followJob, type SyncHandle } from './sync-handle.js';

/** Syncline within a program of one's own. */
export interface Syncline {
  /**
   * Makes a connection, or finds the one of that name and brings it up to date. Tokens that were got with the same
   * credentials are kept. The vendor is not asked.
   *
   * Throws SyncError VALIDATION_FAILED with the field, EGRESS_REFUSED, CREDENTIALS_UNREADABLE.
   */
  ensureConnection(given: ConnectionGiven): Promise<SynclineConnection>;
  /** A connection that is there already. Throws SyncError CONNECTION_NOT_FOUND. */
  findConnection(connector: string, name?: string): Promise<SynclineConnection>;
  /**
   * Starts a sync. It is in Postgres when this returns: it survives this program.
   *
   * Throws SyncError SYNC_ALREADY_RUNNING (its id in `details.runningJobId`), SYNC_STOPPED, CONNECTION_NOT_FOUND,
   * CONNECTION_NOT_READY, CONNECTION_SETTINGS_INVALID, and VALIDATION_FAILED for an entity that there is none of.
   */
  startSync(connection: Pick<SynclineConnection, 'id'>, options?: StartSyncOptions): Promise<SyncHandle>;
  /** Follows a sync by its id, whoever started it. */
  followSync(jobId: string): SyncHandle;
  /**
   * Hands back what is being worked on and closes everything; nothing of it keeps the program alive. In seconds, also when
   * services are away. Syncs that have not ended are not cancelled: whoever works next goes on with them.
   */
  close(): Promise<void>;
}

const progressEveryMs = 250;
const recoveryBaseSeconds = 60;
const lockSeconds = 8;
const reconcileSeconds = 5;

/**
 * Connects to Postgres and Redis and, unless told otherwise, begins to work on what is queued.
 *
 * Throws SetupError when somebody has to change something: services that cannot be reached, tables that are not there, a
 * key that is none.
 */
export async function openSyncline(options: SynclineOptions): Promise<Syncline> {
  const {
    redisUrl,
    redisPrefix: prefix = defaultPrefix,
    concurrency = 5,
    work: works = true,
    name = 'library',
  } = options;
  requireUrl('databaseUrl', options.databaseUrl, 'postgres:', 'postgresql:');
  const bootId = randomUUID();
  const log = ownLog(options.log, bootId);
  const logRedis = logTrouble(log, 'redis');
  let lastRedisError: Error | undefined;
  const onRedisError = (error: Error) => {
    lastRedisError = error;
    logRedis(error);
  };
  const redis = openWaiting(options, onRedisError);
  let engine: OpenEngine | undefined;
  const closeAll = async () => {
    await engine?.close();
    redis.disconnect();
  };
  try {
    engine = openEngine({
      ...{ databaseUrl: options.databaseUrl, schema: options.schema, applicationName: `syncline ${name}` },
      ...{ poolSize: concurrency + 5, redis, redisPrefix: prefix, onRedisError },
      encryptionKeys: [options.encryptionKey].flat(),
      egressAllow: options.egressAllow ?? [],
      ...{ connectors: options.connectors, log, bootId, works, scheduler: false, recoveryBaseSeconds },
    });
    const { ctx } = engine;
    await checkRedis(redis, { redisUrl, prefix }, () => lastRedisError);
    if (options.migrate) await migrateFirst(options);
    await checkDatabase(ctx.db, options, works);
    const { slug, name: organizationName } = organizationOf(options.organization);
    const organizationId = await ensureOrganization(ctx.db, slug, organizationName);
    const worked = works
      ? startWork(ctx, {
          ...{ connection: redis, prefix, concurrency, lockSeconds, reconcileSeconds, as: 'guest' },
          onError: logTrouble(log, 'queue'),
        })
      : undefined;
    return synclineOver(ctx, { organizationId, actor: name }, works, async () => {
      await worked?.stop();
      await closeAll();
    });
  } catch (error) {
    await closeAll();
    // A key or an entry of the allow list that is none.
    const isOption = error instanceof RangeError || error instanceof TypeError;
    throw isOption ? new SetupError(error.message, { cause: error }) : error;
  }
}

function synclineOver(ctx: EngineContext, owner: Owner, works: boolean, closeAll: () => Promise<void>): Syncline {
  const watch = createProgressWatch(ctx.log, progressEveryMs);
  let closing: Promise<void> | undefined;
  const following = { ctx, owner, watch, works, isClosed: () => closing !== undefined };

  /** Nothing is begun after `close`; and errors name the field that they are about. */
  async function open<T>(action: () => Promise<T>): Promise<T> {
    if (closing !== undefined) throw new ClosedError('This was closed; open another one');
    try {
      return await action();
    } catch (error) {
      if (!isSyncError(error) || error.field === undefined || error.message.startsWith(error.field)) throw error;
      const { code, field, message, details } = error;
      throw new SyncError(code, `${field}: ${message}`, { field, details, cause: error });
    }
  }

  return {
    ensureConnection: (given) => open(() => ensure(ctx, owner, given)),
    findConnection: (connector, name = defaultName) => open(() => find(ctx, owner, connector, name)),
    startSync: (connection, options = {}) =>
      open(async () => {
        const { jobId, isNew } = await startOrFind(ctx, owner, connection.id, options);
        return followJob(following, jobId, isNew);
      }),
    followSync: (jobId) => followJob(following, jobId, false),
    close: () => {
      closing ??= Promise.resolve().then(async () => {
        watch.close();
        await closeAll();
      });
      return closing;
    },
  };
}

function organizationOf(slug: string | undefined): { slug: string; name: string } {
  return slug === undefined || slug === defaultOrganization.slug ? defaultOrganization : { slug, name: slug };
}

function ownLog(given: Logger | undefined, bootId: string): Logger {
  const log = given ?? pino({ level: 'silent' });
  const serializers = { err: (error: unknown) => loggedError(error) };
  return log.child({ bootId }, { redact: { paths: secretPaths, censor: '[redacted]' }, serializers });
}

function requireUrl(option: string, url: string, ...protocols: readonly string[]): void {
  if (URL.canParse(url) && protocols.includes(new URL(url).protocol)) return;
  throw new SetupError(`${option} has to be a URL that starts with ${protocols.map((one) => `${one}//`).join(' or ')}`);
}
