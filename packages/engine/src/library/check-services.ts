import {
  hostsOf,
  openRedis,
  parseRedisAddress,
  type RedisClient,
  RedisSetupError,
  requireUsableRedis,
} from '@syncline/queue';
import {
  connectorsInUse,
  type Db,
  ensureSchema,
  explainDatabaseError,
  HiddenRowsError,
  isTransientDatabaseError,
  migrate,
  OccupiedError,
  openDatabase,
  pendingMigrations,
  requireSchema,
  requireSight,
  SchemaError,
} from '@syncline/store';
import { within } from '../wiring/within.js';
import { SetupError } from './errors.js';
import type { SynclineOptions } from './options.js';

const patienceMs = 5_000;

/** A connection that waits for Redis. Throws SetupError for an address that is none, or certificates that are not there. */
export function openWaiting(
  { redisUrl, redisTls: tls }: SynclineOptions,
  onError: (error: Error) => void,
): RedisClient {
  try {
    return openRedis({ redisUrl, tls, failFast: false, onError });
  } catch (error) {
    throw error instanceof RedisSetupError ? new SetupError(inOptions(error), { cause: error }) : error;
  }
}

/** The sentence for whoever has set no variables. */
function inOptions({ message }: RedisSetupError): string {
  const files = { CA: 'redisTls.caFile', CERT: 'redisTls.certFile', KEY: 'redisTls.keyFile' };
  return message
    .replaceAll('REDIS_URL', 'redisUrl')
    .replaceAll('SYNCLINE_REDIS_PREFIX', 'redisPrefix')
    .replaceAll('REDIS_TLS_SERVERNAME', 'redisTls.servername')
    .replaceAll(/REDIS_TLS_(CA|CERT|KEY)_FILE/g, (_, which: keyof typeof files) => files[which])
    .replaceAll(/REDIS_TLS_…(_FILE)?/g, 'redisTls');
}

/**
 * Throws SetupError when Redis is not there, refuses us, may evict what it is given, or is not what its address says.
 * `lastError`: what the connection says of itself, which the commands that wait for it do not.
 */
export async function checkRedis(
  redis: RedisClient,
  { redisUrl, prefix }: { readonly redisUrl: string; readonly prefix: string },
  lastError: () => Error | undefined,
): Promise<void> {
  const late = () => {
    const why = lastError()?.message ?? `no answer within ${patienceMs / 1_000} s`;
    const at = hostsOf(parseRedisAddress(redisUrl));
    return new SetupError(`Redis at ${at} cannot be reached (${why}): check redisUrl and the server.`);
  };
  try {
    await within(patienceMs, requireUsableRedis(redis, prefix), late);
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const message = error instanceof RedisSetupError ? inOptions(error) : messageOf(error);
    throw new SetupError(message, { cause: error });
  }
}

/** Migrates, if that was asked for. Throws SetupError when Postgres is not there, refuses us, or tables are in the way. */
export async function migrateFirst(options: SynclineOptions): Promise<void> {
  const { databaseUrl, schema } = options;
  const pool = { applicationName: 'syncline migrate', poolSize: 1, onError: () => undefined };
  const db = openDatabase({ databaseUrl, schema, ...pool });
  try {
    await ensureSchema(db, schema);
    await migrate(db);
  } catch (error) {
    throw explained(error, databaseUrl);
  } finally {
    await db.destroy();
  }
}

/**
 * Throws SetupError when Postgres is not there or refuses us, when its tables are not those of this release, and when
 * there are connections that `works` would have us sync and whose connectors we were not given.
 */
export async function checkDatabase(db: Db, options: SynclineOptions, works: boolean): Promise<void> {
  try {
    await requireSchema(db, options.schema);
    await requireSight(db);
    const pending = await pendingMigrations(db);
    if (pending.length > 0) {
      const missing = pending.length > 3 ? `${pending.length} migrations` : pending.join(', ');
      throw new SetupError(`The tables are not those of this release (missing: ${missing}): ${howToMigrate}.`);
    }
    if (works) await requireConnectors(db, options);
  } catch (error) {
    throw explained(error, options.databaseUrl);
  }
}

/** Queues are the installation's: what of others we took out of them and do not know would fail. */
async function requireConnectors(db: Db, { connectors }: SynclineOptions): Promise<void> {
  const known = new Set(connectors.map(({ id }) => id));
  const unknown = (await connectorsInUse(db)).filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new SetupError(
    `There are connections of ${unknown.join(', ')} here, whose syncs this program might be handed: add these to ` +
      '`connectors`, or pass `work: false` and start a worker.',
  );
}

const howToMigrate = 'run npm run migrate, or pass `migrate: true`';

function explained(error: unknown, databaseUrl: string): unknown {
  if (error instanceof SetupError) return error;
  if (error instanceof SchemaError && error.missing) {
    return new SetupError(`${error.message} Or pass \`migrate: true\`.`, { cause: error });
  }
  if ([SchemaError, HiddenRowsError, OccupiedError].some((kind) => error instanceof kind)) {
    return new SetupError(messageOf(error), { cause: error });
  }
  if (isTransientDatabaseError(error)) {
    const why = messageOf(error) || String((error as { code?: unknown }).code);
    const message = `Postgres at ${hostOf(databaseUrl)} cannot be reached (${why}): check databaseUrl and the server.`;
    return new SetupError(message, { cause: error });
  }
  const sentence = explainDatabaseError(error);
  if (sentence === undefined) return error;
  return new SetupError(sentence.replaceAll('DATABASE_URL', 'databaseUrl'), { cause: error });
}

/** Without what may be secret in it. */
function hostOf(url: string): string {
  return new URL(url).host;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
