import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { startEmbedded } from '@syncline/embedded';
import { migrate, openDatabase } from '@syncline/store';
import pg from 'pg';

/** Real services that a whole test run shares; every test file has its own database and key prefix in them. */
export interface TestServices {
  /** A database that may be asked to create others. */
  readonly adminUrl: string;
  readonly redisUrl: string;
  /** Name of a migrated database that test databases are cloned from. */
  readonly template: string;
  /** Goes after `create database … template …`. */
  readonly cloning: string;
  stop(): Promise<void>;
}

/** Uses DATABASE_URL and REDIS_URL where they are set, and brings its own where not. */
export async function startTestServices(home: string, onStep: (line: string) => void): Promise<TestServices> {
  const given = { databaseUrl: process.env['DATABASE_URL'], redisUrl: process.env['REDIS_URL'] };
  mkdirSync(home, { recursive: true });
  const embedded = await startEmbedded({
    home: resolve(home),
    postgres: !given.databaseUrl,
    redis: !given.redisUrl,
    ephemeral: true,
    onStep,
  });
  const adminUrl = given.databaseUrl || embedded.databaseUrl;
  const redisUrl = given.redisUrl || embedded.redisUrl;
  if (!adminUrl || !redisUrl) throw new Error('no services for the tests');

  const template = `syncline_template_${process.pid}`;
  await createMigrated(adminUrl, template);
  return {
    adminUrl,
    redisUrl,
    template,
    cloning: await cheapestCloning(adminUrl),
    stop: async () => {
      await administer(adminUrl, `drop database if exists ${template} with (force)`);
      await embedded.stop();
    },
  };
}

/**
 * Copying files needs checkpoints, which cost next to nothing where none waits for a disk; everywhere else Postgres' own
 * choice, a page at a time through its log, is quicker. Known from 15 on.
 */
async function cheapestCloning(adminUrl: string): Promise<string> {
  const { rows } = await administer(
    adminUrl,
    "select current_setting('fsync') = 'off' and current_setting('server_version_num')::int >= 150000 as careless",
  );
  return rows[0]?.['careless'] === true ? 'strategy file_copy' : '';
}

/** Makes a database with every migration in it. */
export async function createMigrated(adminUrl: string, name: string): Promise<void> {
  await administer(adminUrl, `create database ${name}`);
  const db = openDatabase({
    databaseUrl: withDatabase(adminUrl, name),
    applicationName: 'syncline tests',
    poolSize: 1,
    onError: () => undefined,
  });
  await migrate(db);
  await db.destroy();
}

/** Runs one statement outside of any database under test. */
export async function administer(
  adminUrl: string,
  statement: string,
): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

export function withDatabase(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.href;
}
