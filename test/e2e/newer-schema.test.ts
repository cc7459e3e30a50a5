import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { migrate, NewerSchemaError, requireFit } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';

// A fleet is upgraded while it runs: the newer release has migrated, and this one is the older one.

const program = (app: string) => fileURLToPath(new URL(`../../apps/${app}/dist/bundle.js`, import.meta.url));

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
  await sql`insert into kysely_migration values ('0998_more', now()), ('0999_later', now())`.execute(bed.db);
});
afterAll(() => bed.close());

const markAt = (mark: number) => sql`update syncline_installation set compatible_from = ${mark}`.execute(bed.db);

async function run(app: string, ...args: string[]): Promise<{ readonly code: number; readonly said: string }> {
  const env = { PATH: process.env['PATH'], ...bed.environment, SYNCLINE_ADMIN_KEY: bed.adminKey, PORT: '0' };
  const child = spawn(process.execPath, [program(app), ...args], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = (await once(child, 'exit')) as [number];
  return { code, said };
}

it('additions of a newer release stop nobody: who is restarted in the middle of an upgrade comes up', async () => {
  expect(await migrate(bed.db)).toEqual([]);
  expect(await run('cli', 'migrate')).toEqual({ code: 0, said: 'The schema is up to date.\n' });
  expect(await run('cli', 'migrate', '--check')).toEqual({ code: 0, said: 'The schema is as it should be.\n' });
});

it('what is taken away is noticed by those that run, and refused by those that start, with an exit code of its own', async () => {
  const api = await bed.startApi({ SYNCLINE_RECONCILE_SECONDS: '1' });
  const worker = await bed.startWorker({ SYNCLINE_RECONCILE_SECONDS: '1' });
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200);

  await markAt(998);
  await eventually('the worker to hold still', () => worker.output().includes('held: nothing is worked on'));
  const ready = await fetch(`${api.url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ checks: { migrations: 'newer than this release: start the newer one' } });

  const ends = await Promise.all([run('api'), run('worker'), run('cli', 'migrate'), run('cli', 'migrate', '--check')]);
  for (const { code, said } of ends) {
    expect(code).toBe(4);
    expect(said.split('\n').at(-2)).toMatch(
      /^The database's schema is newer than this release: it has 0998_more, 0999_later/,
    );
  }
  await expect(requireFit(bed.db)).rejects.toThrow(NewerSchemaError);

  await markAt(22);
  await eventually('the worker to go on', () => worker.output().includes('work is taken up again'));
});

it('a hole in front of what a newer release has applied is not filled by the older one', async () => {
  await sql`delete from kysely_migration where name = '0022_statistics_indexes'`.execute(bed.db);
  await expect(migrate(bed.db)).rejects.toThrow(/not 0022_statistics_indexes. Run npm run migrate of that release/);
});
