import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureOrganization, migrate } from '@syncline/store';
import { createTestBed, startOwnRedis, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { distance } from './distance.js';
import { checks, examine } from './doctor-command.js';
import { type Result, withoutSecrets } from './report.js';

const canary = 'C4NARY-never-to-be-shown';
const program = fileURLToPath(new URL('../../dist/bundle.js', import.meta.url));

let bed: TestBed;
let environment: Record<string, string>;
beforeAll(async () => {
  bed = await createTestBed();
  environment = { ...bed.environment, SYNCLINE_ADMIN_KEY: bed.adminKey, PORT: '1' };
});
afterAll(() => bed.close());

type Options = Partial<Parameters<typeof examine>[0]>;

/** The findings by their checks. */
async function look(env: Readonly<Record<string, string | undefined>> = environment, options: Options = {}) {
  const results = await examine({ env, testConnections: false, clock: () => new Date(), ...options });
  return Object.fromEntries(results.map((result) => [result.id, result])) as Record<string, Result>;
}

const problemsOf = (found: Record<string, Result>) =>
  Object.values(found).flatMap(({ id, status }) => (status === 'problem' ? [id] : []));

async function run(env: Readonly<Record<string, string>>, ...args: string[]) {
  const child = spawn(process.execPath, [program, 'doctor', ...args], { env: { PATH: process.env['PATH'], ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = (await once(child, 'exit')) as [number];
  return { code, said };
}

/** One connection of the default organization, with a sealed secret that the given key opens. */
async function connect(settings: object = {}): Promise<string> {
  const organization = await ensureOrganization(bed.db, 'default', 'Default');
  const { rows } = await sql<{ id: string }>`
    insert into connections (organization_id, connector, name, settings, credentials, credentials_key_id)
    values (${organization}, 'practicepanther', ${randomBytes(4).toString('hex')}, ${JSON.stringify(settings)}::jsonb,
      ${Buffer.from('sealed')}, 'a key that is gone') returning id`.execute(bed.db);
  const id = rows[0]?.id ?? '';
  onTestFinished(async () => void (await sql`delete from connections where id = ${id}`.execute(bed.db)));
  return id;
}

describe('doctor', () => {
  it('finds nothing but the missing worker in a fresh installation', async () => {
    const found = await look();
    expect(problemsOf(found)).toEqual(['fleet.workers']);
    for (const id of [
      'postgres.reachable',
      'postgres.clock',
      'redis.eviction',
      'redis.clock',
      'schema.drift',
      'installation.together',
    ]) {
      expect(found[id], id).toMatchObject({ status: 'ok' });
    }
  });

  it('looks at everything that is left when everything is off, and shows no secret', async () => {
    const url = (scheme: string) => `${scheme}://u:${canary}@127.0.0.1:1/x`;
    const env = {
      ...{ DATABASE_URL: url('postgres'), REDIS_URL: url('redis'), SYNCLINE_ENCRYPTION_KEY: canary },
      ...{ SYNCLINE_ENCRYPTON_KEY: canary, PP_CLIENT_SECRET: canary, SYNCLINE_ALERT_WEBHOOK_URL: `https://${canary}` },
    };
    const found = await look(env);
    expect(Object.keys(found)).toHaveLength(checks.length);
    expect(problemsOf(found)).toEqual(
      expect.arrayContaining([
        'environment.required',
        'environment.valid',
        'environment.unknown',
        'postgres.reachable',
        'redis.reachable',
      ]),
    );
    expect(found['environment.unknown']?.message).toMatch(
      /SYNCLINE_ENCRYPTON_KEY is not known; SYNCLINE_ENCRYPTION_KEY is/,
    );
    expect(found['schema.migrations']).toMatchObject({ status: 'skipped' });
    expect(JSON.stringify(found)).not.toContain(canary);
    const { code, said } = await run(env, '--json');
    expect(code).toBe(1);
    expect(said).not.toContain(canary);
    expect(JSON.parse(said)).toMatchObject({ ok: false, checks: expect.any(Array) });
  });

  it('shows none either that comes from a file, or is in an address of several hosts', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'doctor-')), 'url');
    onTestFinished(() => rmSync(dirname(file), { recursive: true }));
    // Postgres repeats a user's name; here it is the password, too.
    const url = new URL(bed.databaseUrl);
    [url.username, url.password] = [canary, canary];
    writeFileSync(file, url.href);
    const { DATABASE_URL: _, ...rest } = environment;
    const found = await look({ ...rest, DATABASE_URL_FILE: file });
    expect(found['postgres.reachable']).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('[secret]'),
    });
    expect(JSON.stringify(found)).not.toContain(canary);
    const REDIS_URL = 'redis+sentinel://u:S3CRET-1@a:1,b:2/main?sentinel_password=S3CRET-2';
    expect(withoutSecrets('S3CRET-1 and S3CRET-2 are none', { REDIS_URL })).toBe('[secret] and [secret] are none');
  });

  it('ends with 2 where it cannot look, and with 1 where it finds something', async () => {
    expect(await run(environment, '--organization', 'nobody')).toEqual({
      code: 2,
      said: 'There is no organization nobody.\n',
    });
    const { code, said } = await run(environment);
    expect(code).toBe(1);
    const end = said.slice(said.search(/^1 problems/m));
    expect(end, 'the worst first').toMatch(/^1 problems.*\n {2}PROBLEM fleet.workers: No worker is alive/);
  });

  it('finds an evicting Redis, one without a file, and one that is full', async () => {
    const redis = await startOwnRedis();
    onTestFinished(() => redis.close());
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.command('CONFIG', 'SET', 'appendonly', 'no');
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    const found = await look({ ...environment, REDIS_URL: redis.url });
    expect(problemsOf(found)).toEqual(expect.arrayContaining(['redis.eviction', 'redis.memory']));
    expect(found['redis.persistence']).toMatchObject({ status: 'warning' });
  });

  it('finds clocks that are apart, by the clock of whoever asks', async () => {
    const found = await look(environment, { clock: () => new Date(Date.now() + 60_000) });
    for (const service of ['postgres', 'redis']) {
      expect(found[`${service}.clock`]).toMatchObject({
        status: 'warning',
        message: expect.stringMatching(/(59|60|61) s behind/),
      });
    }
  });

  it('finds credentials that no key opens, and a vendor that cannot be reached or may not be', async () => {
    const away = await connect({ baseUrl: 'https://127.0.0.1:1' });
    const found = await look();
    expect(found['connections.secrets']).toMatchObject({ status: 'problem', message: expect.stringContaining(away) });
    expect(found['connections.reachable']).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('EGRESS_REFUSED'),
    });
    const allowed = await look({ ...environment, SYNCLINE_EGRESS_ALLOW: '127.0.0.1:1' });
    expect(allowed['connections.reachable']).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(allowed['egress.allowed']).toMatchObject({ status: 'warning' });
    expect((await look(environment, { testConnections: true }))['connections.accepted']).toMatchObject({
      status: 'problem',
    });
  });

  it('finds a sync that stands still and is in no queue, what is paused and stopped, and what is overdue', async () => {
    const connection = await connect();
    const { rows } = await sql<{ id: string }>`
      insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, created_at)
      select organization_id, id, 'full', 'full', 'manual', now() - interval '1 hour' from connections
      where id = ${connection} returning id`.execute(bed.db);
    await sql`
      insert into sync_schedules (organization_id, connection_id, name, interval_seconds, mode, next_due_at)
      select organization_id, id, 'late', 900, 'full', now() - interval '1 hour' from connections where id = ${connection}`.execute(
      bed.db,
    );
    const found = await look();
    expect(found['work.stuck']).toMatchObject({
      status: 'problem',
      message: expect.stringContaining(`in no queue: ${rows[0]?.id}`),
    });
    expect(found['work.waiting']).toMatchObject({ status: 'warning' });
    expect((await look({ ...environment, ENABLE_SYNC_SCHEDULER: 'true' }))['work.schedules']).toMatchObject({
      status: 'problem',
    });

    await sql`update connections set status = 'paused'`.execute(bed.db);
    await sql`update organizations set stopped_at = now()`.execute(bed.db);
    const paused = await look();
    expect(paused['connections.standing']).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('is paused'),
    });
    expect(paused['work.stopped']).toMatchObject({ status: 'warning' });
    expect(paused['work.stuck'], 'it is meant to stand still').toMatchObject({ status: 'ok' });
    await sql`update organizations set stopped_at = null`.execute(bed.db);
  });

  it('finds what is not migrated, what was changed by hand, and a database that was moved', async () => {
    const empty = await createTestBed({ empty: true });
    onTestFinished(() => empty.close());
    const env = { ...environment, DATABASE_URL: empty.databaseUrl };
    expect((await look(env))['schema.migrations']).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('npm run migrate'),
    });

    await migrate(empty.db);
    await sql`drop index sync_jobs_history`.execute(empty.db);
    await sql`update syncline_installation set place = '["1","elsewhere","public"]',
      migration_hashes = migration_hashes || '{"0001_core": "another"}'`.execute(empty.db);
    const found = await look(env);
    expect(found['schema.drift']).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('index sync_jobs.sync_jobs_history is missing'),
    });
    expect(found['schema.migrations']).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('0001_core'),
    });
    expect(found['installation.together']).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('npm run takeover'),
    });
  });
});

it('docs/doctor.md has every check, and no other', () => {
  const text = readFileSync(new URL('../../../../docs/doctor.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `([a-z]+\.[a-z-]+)` \|/gm)].map(([, id]) => id);
  expect(listed).toEqual(checks.map(({ id }) => id));
});

it('a word is as far from another as letters have to be changed', () => {
  expect([distance('DATABSE_URL', 'DATABASE_URL'), distance('REDSI_URL', 'REDIS_URL'), distance('abc', 'abc')]).toEqual(
    [1, 1, 0],
  );
});
