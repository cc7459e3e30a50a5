import { keysBelow, type openRedis } from '@syncline/queue';
import type { Db } from '@syncline/store';
import { sql } from 'kysely';

type Redis = ReturnType<typeof openRedis>;

/** Everything that is in Postgres, as text; bytes as hex. */
export async function allOfPostgres(db: Db): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'`.execute(
    db,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(name)} t`.execute(db);
    texts.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  return texts.join('\n');
}

/** Every key below a prefix with what it holds. */
export async function allOfRedis(redis: Redis, prefix: string): Promise<string> {
  const texts: string[] = [];
  for await (const keys of keysBelow(redis, prefix)) {
    for (const key of keys) texts.push(`${key} ${JSON.stringify(await contentOf(redis, key))}`);
  }
  return texts.join('\n');
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null;
  }
}
