import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { countSecrets, createVault, readSecrets } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene, type Scene } from '../store/scene.js';

const program = fileURLToPath(new URL('../../apps/cli/dist/bundle.js', import.meta.url));

let bed: TestBed;
let scenes: Scene[];
beforeAll(async () => {
  bed = await createTestBed();
  scenes = await Promise.all(Array.from({ length: 6 }, () => createScene(bed)));
});
afterAll(() => bed.close());

const newKey = randomBytes(32).toString('base64');

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly printed: string;
}

/** `syncline keys rotate`, with the new key in front of the bed's own. */
function rotate(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const keys = `${newKey},${bed.encryptionKey}`;
  const env = { PATH: process.env['PATH'], DATABASE_URL: bed.databaseUrl, SYNCLINE_ENCRYPTION_KEY: keys };
  const child = spawn(process.execPath, [program, 'keys', 'rotate', ...args], { env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, printed }));
  return { child, ended };
}
const rows = (text: string) => text.split('\n').map((line) => line.split(/ {2,}/));

describe('a rotation of the keys', () => {
  it('that is killed half-way leaves everything readable, and is finished by the next one', async () => {
    const [newId = '', oldId = ''] = createVault([newKey, bed.encryptionKey]).keyIds;
    const [fourth] = scenes
      .map(({ connection }) => connection.id)
      .sort()
      .slice(3);

    const dry = await rotate('--dry-run').ended;
    expect(dry).toMatchObject({ code: 0 });
    expect(rows(dry.printed)).toContainEqual([oldId, 'older', '6', '0', '0', '0']);
    expect(dry.printed).toContain(`Still needed: ${oldId}`);

    const held = await bed.db.transaction().execute(async (trx) => {
      await sql`select from connections where id = ${fourth} for update`.execute(trx);
      const { child, ended } = rotate();
      await eventually('the rotation stands at the row that is locked', async () => {
        const { rows: waiting } = await sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(bed.db);
        return waiting.length > 0;
      });
      child.kill('SIGKILL');
      return ended;
    });
    expect(held).toMatchObject({ code: null, signal: 'SIGKILL' });
    // Its session ends in Postgres when the row is free again, and may still do what it was at.
    await eventually('its session has ended', async () => {
      const { rows: left } = await sql`select from pg_stat_activity
        where datname = current_database() and application_name = 'syncline keys'`.execute(bed.db);
      return left.length === 0;
    });
    const halves = await countSecrets(bed.db);
    const already = halves.find(({ keyId }) => keyId === newId)?.credentials ?? 0;
    // The statement that waited may have been carried out all the same.
    expect([3, 4]).toContain(already);
    expect(halves.reduce((sum, { credentials }) => sum + credentials, 0)).toBe(6);
    const both = createVault([newKey, bed.encryptionKey]);
    for (const { connection } of scenes) {
      expect(await readSecrets(bed.db, both, connection)).toMatchObject({ credentials: { clientSecret: 's' } });
    }

    const done = await rotate().ended;
    expect(done).toMatchObject({ code: 0 });
    expect(done.printed).toMatch(
      `Encrypted anew: ${6 - already} (credentials ${6 - already}, tokens 0, webhook keys 0, of jobs 0)`,
    );
    expect(done.printed).toMatch(`Under the newest key already: ${already}.`);
    expect(rows(done.printed)).toContainEqual([oldId, 'older', '0', '0', '0', '0']);
    expect(await countSecrets(bed.db)).toEqual([
      { keyId: newId, credentials: 6, tokens: 0, webhook_keys: 0, job_access: 0 },
    ]);
    for (const { connection } of scenes) {
      expect(await readSecrets(bed.db, createVault([newKey]), connection)).toMatchObject({
        credentials: { clientSecret: 's' },
      });
    }
  });

  it('says which connections no key opens, ends with 2, and prints no secret', async () => {
    const [one, ...others] = scenes;
    await sql`update connections set credentials_key_id = 'gone' where id = ${one?.connection.id}`.execute(bed.db);
    const { code, printed } = await rotate().ended;
    expect(code).toBe(2);
    expect(printed).toContain(`  ${one?.connection.id}\n`);
    for (const { connection } of others) expect(printed).not.toContain(connection.id);
    expect(rows(printed)).toContainEqual(['gone', 'not configured', '1', '0', '0', '0']);
    expect(printed).not.toMatch(/clientSecret/);
    for (const key of [newKey, bed.encryptionKey]) expect(printed).not.toContain(key);
    expect(await rotate('--dry-run').ended).toMatchObject({ code: 2 });
  });
});
