import { parseEnvironment } from '@syncline/config';
import { judgeFooting } from '@syncline/engine';
import { openMarks, openRedis, RedisSetupError } from '@syncline/queue';
import { redisTlsOf } from '@syncline/service';
import { readInstallation, requireFit, requireSchema, settleAt } from '@syncline/store';
import { withDatabase } from './with-database.js';

/**
 * `syncline takeover`: a person's word that this database is the one to go on with, after it was moved, or restored to
 * another place. Without `confirm` it only says how things stand. Ends with exit code 2 when something is left to be said
 * or done.
 *
 * Throws EnvironmentError, SchemaError, NewerSchemaError, NoSessionError, RedisSetupError.
 */
export async function runTakeover({ confirm }: { readonly confirm: boolean }): Promise<void> {
  const needed = ['DATABASE_URL', 'REDIS_URL'] as const;
  const environment = parseEnvironment(process.env, {}, needed);
  const { DATABASE_URL: databaseUrl, SYNCLINE_DATABASE_SCHEMA: schema, SYNCLINE_REDIS_PREFIX: prefix } = environment;
  let reason: Error | undefined;
  const onError = (error: Error) => {
    reason = error;
  };
  const redis = openRedis({
    ...{ redisUrl: environment.REDIS_URL, tls: redisTlsOf(environment) },
    ...{ failFast: true, onError },
  });
  try {
    await redis.connect().catch((error: Error) => {
      // The connection itself knows why; who waits for it is only told that it is closed.
      const why = (reason ?? error).message;
      throw new RedisSetupError(`Redis cannot be used (${why}): check REDIS_URL, the server and its firewall.`);
    });
    const marks = openMarks(redis, prefix);
    const said = await withDatabase({ databaseUrl, schema, applicationName: 'syncline takeover' }, async (db) => {
      await requireSchema(db, schema);
      await requireFit(db);
      const mark = await marks.read();
      const found = await readInstallation(db);
      if (found === undefined) return 'There is nothing to take over; run npm run migrate.';
      const now = judgeFooting(found, mark);
      const settled = judgeFooting({ ...found, place: found.here }, mark);
      if (now.kind !== 'held') return undefined;
      if (settled.kind === 'held' && settled.reason === 'occupied') return settled.message;
      if (!confirm) return now.message;
      await settleAt(db, found.here);
      // The mark stays what it was, but for the place: what it knows tells whether something was lost.
      if (mark !== undefined) await marks.put({ ...mark, place: found.here }, mark.identity);
      process.stdout.write('This database goes on here. Workers take up work within a minute.\n');
      return '';
    });
    if (said === undefined) process.stdout.write('Nothing to take over: Postgres and Redis belong together.\n');
    else if (said !== '') {
      process.stdout.write(`${said}\n`);
      process.exitCode = 2;
    }
  } finally {
    redis.disconnect();
  }
}
