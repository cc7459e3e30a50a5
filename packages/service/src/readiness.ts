import { type openRedis, type Queues, requireNoEviction } from '@syncline/queue';
import { type Db, pendingMigrations, pingDatabase } from '@syncline/store';
import type { Logger } from 'pino';
import { within } from './within.js';

const checkMs = 2_000;
const noAnswer = `no answer within ${checkMs / 1000} s`;

/** A fixed sentence for whoever asks; anybody may, so the error itself only goes to the log. */
type Result = string;

/** What is looked at, and by whom. */
export interface ReadinessContext {
  readonly db: Db;
  readonly redis: ReturnType<typeof openRedis>;
  readonly queues: Pick<Queues, 'all'>;
  readonly log: Pick<Logger, 'warn'>;
}

/** What every process of ours needs: `ok`, or why not. */
export interface Checks {
  readonly postgres: Result;
  readonly redis: Result;
  readonly migrations: Result;
}

/**
 * Makes the checks behind /readyz of API and worker. They run side by side, and each ends in two seconds, also on a
 * connection that holds commands until its service is back.
 */
export function readiness(ctx: ReadinessContext): () => Promise<Checks> {
  let migrated = false;
  const migrations = async () => {
    // Only looked for until it is so: migrations are never taken back.
    migrated ||= (await pendingMigrations(ctx.db)).length === 0;
    return migrated ? 'ok' : 'pending: run npm run migrate';
  };
  const postgres = async () => {
    await pingDatabase(ctx.db);
    return 'ok';
  };
  const redis = async () => {
    const refusal = await refusalToWrite(ctx);
    if (refusal !== undefined) return refusal;
    return requireNoEviction(ctx.redis).then(
      () => 'ok',
      (error: Error) => (/maxmemory-policy/.test(error.message) ? 'may evict keys: set noeviction' : 'unreachable'),
    );
  };
  const checked = async (service: string, check: () => Promise<Result>): Promise<Result> => {
    try {
      return await within(checkMs, check(), () => new Error(noAnswer));
    } catch (error) {
      ctx.log.warn({ err: error, service }, 'not ready');
      return error instanceof Error && error.message === noAnswer ? noAnswer : 'unreachable';
    }
  };
  const [postgresOnce, redisOnce, migrationsOnce] = [oneAtATime(postgres), oneAtATime(redis), oneAtATime(migrations)];
  return async () => {
    const [postgresResult, redisResult, migrationsResult] = await Promise.all([
      checked('postgres', postgresOnce),
      checked('redis', redisOnce),
      checked('migrations', migrationsOnce),
    ]);
    return { postgres: postgresResult, redis: redisResult, migrations: migrationsResult };
  };
}

/**
 * A Redis without memory, or one that became a replica, answers pings and takes no job. Writing nothing at the beginning
 * of a key that is not there is refused like any other write, and leaves nothing behind where it is not.
 */
async function refusalToWrite({
  redis,
  queues,
}: Pick<ReadinessContext, 'redis' | 'queues'>): Promise<Result | undefined> {
  try {
    await redis.setrange(queues.all[0]?.toKey('readiness') ?? 'readiness', 0, '');
    return undefined;
  } catch (error) {
    const reason = /^(OOM|READONLY|MISCONF)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (reason === undefined) throw error;
    return reason === 'OOM' ? 'out of memory: raise maxmemory' : `refuses writes (${reason})`;
  }
}

/** Strangers may ask as often as they like, and a check may hang: those who ask meanwhile share it. */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}
