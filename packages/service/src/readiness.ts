import { type HoldReason, oneAtATime, readFooting, type WorkContext, within } from '@syncline/engine';
import { type RedisClient, requireNoEviction } from '@syncline/queue';
import { pingDatabase, readSchemaStanding } from '@syncline/store';

const checkMs = 2_000;
const noAnswer = `no answer within ${checkMs / 1000} s`;

/** A fixed sentence for whoever asks; anybody may, so the error itself only goes to the log. */
type Result = string;

/** What is looked at, and by whom. */
export type ReadinessContext = Pick<WorkContext, 'db' | 'queues' | 'marks' | 'log'> & { readonly redis: RedisClient };

/** What every process of ours needs: `ok`, or why not. */
export interface Checks {
  readonly postgres: Result;
  readonly redis: Result;
  readonly migrations: Result;
  readonly installation: Result;
}

/** Why workers hold still, in short: places and addresses are for the log. */
const footings: Readonly<Record<HoldReason, Result>> = {
  schema: 'newer than this release: start the newer one',
  moved: 'the database was moved or copied: run npm run takeover',
  occupied: 'Redis is at work for another database, or Postgres was restored just now',
  foreign: 'Redis has queues of another database: run npm run takeover',
};

/**
 * Makes the checks behind /readyz of API and worker. They run side by side, and each ends in two seconds, also on a
 * connection that holds commands until its service is back.
 */
export function readiness(ctx: ReadinessContext): () => Promise<Checks> {
  const migrations = async () => {
    // Each time: a newer release may migrate while this one runs, and a restored database may stand where this one was.
    const { fits, pending } = await readSchemaStanding(ctx.db);
    if (!fits) return 'newer than this release: start the newer one';
    return pending.length === 0 ? 'ok' : 'pending: run npm run migrate';
  };
  const postgres = async () => ((await pingDatabase(ctx.db)).takesWrites ? 'ok' : 'read only: a standby, or set so');
  const absence = noteAbsence(ctx.redis);
  const redis = async () => {
    const refusal = await refusalToWrite(ctx);
    if (refusal !== undefined) return refusal;
    return requireNoEviction(ctx.redis).then(
      () => 'ok',
      (error: Error) => (/maxmemory-policy/.test(error.message) ? 'may evict keys: set noeviction' : 'unreachable'),
    );
  };
  const installation = async () => {
    const footing = await readFooting(ctx);
    if (footing.kind === 'free') return 'ok';
    return footing.kind === 'held' ? footings[footing.reason] : 'Postgres was restored: queues are being rebuilt';
  };
  const checked = async (dependency: string, check: () => Promise<Result>): Promise<Result> => {
    try {
      return await within(checkMs, check(), () => new Error(noAnswer));
    } catch (error) {
      ctx.log.warn({ event: 'dependency.not_ready', err: error, dependency }, 'not ready');
      return error instanceof Error && error.message === noAnswer ? noAnswer : 'unreachable';
    }
  };
  // Strangers may ask as often as they like, and a check may hang.
  const [postgresOnce, redisOnce, migrationsOnce] = [oneAtATime(postgres), oneAtATime(redis), oneAtATime(migrations)];
  const installationOnce = oneAtATime(installation);
  // Before the questions that are under way: one that a worker's connection holds ends when Redis is back.
  const redisNow = async () => absence() ?? redisOnce();
  return async () => {
    const [postgresResult, redisResult, migrationsResult, installationResult] = await Promise.all([
      checked('postgres', postgresOnce),
      checked('redis', redisNow),
      checked('migrations', migrationsOnce),
      checked('installation', installationOnce),
    ]);
    return {
      ...{ postgres: postgresResult, redis: redisResult },
      ...{ migrations: migrationsResult, installation: installationResult },
    };
  };
}

/**
 * A connection that is not there need not be asked: a worker's would hold the question until it is back. A Redis that lets
 * nobody in, because it has got another password, says so once for each attempt to connect.
 */
function noteAbsence(redis: ReadinessContext['redis']): () => Result | undefined {
  let refusal: string | undefined;
  redis.on('error', ({ message }: Error) => {
    refusal = /^(NOAUTH|WRONGPASS)\b/.exec(message)?.[1];
  });
  redis.on('ready', () => {
    refusal = undefined;
  });
  return () => {
    if (refusal !== undefined) return `refuses us (${refusal}): look at REDIS_URL`;
    // `wait`: nobody has needed it yet; whoever asks connects it.
    return redis.status === 'ready' || redis.status === 'wait' ? undefined : 'unreachable';
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
  // Asked, and not tried: a connection that a replica has refused a write looks for the master over a new one, again and again.
  if (!redis.isCluster && /^role:slave/m.test(await redis.info('replication'))) return 'refuses writes (READONLY)';
  try {
    await redis.setrange(queues.all[0]?.toKey('readiness') ?? 'readiness', 0, '');
    return undefined;
  } catch (error) {
    const reason = /^(OOM|READONLY|MISCONF|NOPERM)\b/.exec(error instanceof Error ? error.message : '')?.[1];
    if (reason === undefined) throw error;
    return reason === 'OOM' ? 'out of memory: raise maxmemory' : `refuses writes (${reason})`;
  }
}
