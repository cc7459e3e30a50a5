import type { Db } from '@syncline/store';
import { type CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

/** How Postgres carries out the statements that `work` sends: the text of EXPLAIN for each of them, in their order. */
export async function plansOf(databaseUrl: string, work: (db: Db) => Promise<unknown>): Promise<string[]> {
  const sent: CompiledQuery[] = [];
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const db: Db = new Kysely({
    dialect: new PostgresDialect({ pool }),
    log: (event) => {
      if (event.level === 'query') sent.push(event.query);
    },
  });
  try {
    await work(db);
    const plans: string[] = [];
    for (const { sql, parameters } of [...sent]) {
      const { rows } = await pool.query(`explain ${sql}`, [...parameters]);
      plans.push(rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n'));
    }
    return plans;
  } finally {
    await db.destroy();
  }
}
