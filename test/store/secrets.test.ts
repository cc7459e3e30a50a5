import { randomUUID } from 'node:crypto';
import type { Tokens } from '@syncline/connector-kit';
import {
  createVault,
  dropTokenLease,
  ensureConnection,
  findConnection,
  listConnections,
  readSecrets,
  setConnectionStatus,
  storeTokens,
  takeTokenLease,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const tokens = (accessToken: string): Tokens => ({
  accessToken,
  expiresAt: '2030-01-01T00:00:00.000Z',
  refreshToken: 'r',
});
const take = (holder: string, seconds = 60) => takeTokenLease(bed.db, scene.connection, holder, seconds);
const store = (holder: string, accessToken: string) =>
  storeTokens(bed.db, scene.vault, scene.connection, holder, {
    ...{ tokens: tokens(accessToken), credentials: { clientId: 'c', clientSecret: 's' } },
  });
const stored = async () => (await readSecrets(bed.db, scene.vault, scene.connection)).tokens?.accessToken;
/** Lets the lease run out by Postgres' clock, without waiting for it. */
const lapse = () =>
  sql`update connections set token_lease_until = now() - interval '1 second' where id = ${scene.connection.id}`.execute(
    bed.db,
  );

describe('the right to renew tokens', () => {
  it('has one holder, out of twenty who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(randomUUID())));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('is free again when it is given back, by its holder only', async () => {
    const [mine, other] = [randomUUID(), randomUUID()];
    await take(mine);
    await dropTokenLease(bed.db, scene.connection, other);
    expect(await take(other)).toBe(false);
    await dropTokenLease(bed.db, scene.connection, mine);
    expect(await take(other)).toBe(true);
  });

  it("runs out by Postgres' clock", async () => {
    await take(randomUUID(), 3600);
    expect(await take(randomUUID())).toBe(false);
    await lapse();
    expect(await take(randomUUID())).toBe(true);
  });

  it("is one connection's own", async () => {
    const other = await createScene(bed);
    await take(randomUUID());
    expect(await takeTokenLease(bed.db, other.connection, randomUUID(), 60)).toBe(true);
    const stranger = { ...scene.connection, organizationId: other.connection.organizationId };
    await lapse();
    expect(await takeTokenLease(bed.db, stranger, randomUUID(), 60)).toBe(false);
  });
});

describe('new tokens', () => {
  it('are stored by the holder, who gives the right back with them', async () => {
    const holder = randomUUID();
    await take(holder);
    expect(await store(holder, 'new')).toBe(true);
    expect(await stored()).toBe('new');
    expect(await take(randomUUID())).toBe(true);
  });

  it('are stored after the right ran out, as long as nobody else took it: they have rotated', async () => {
    const holder = randomUUID();
    await take(holder);
    await lapse();
    expect(await store(holder, 'late')).toBe(true);
    expect(await stored()).toBe('late');
  });

  it('are not stored over the work of another who took it', async () => {
    const [late, current] = [randomUUID(), randomUUID()];
    await take(late);
    await lapse();
    await take(current);
    expect(await store(late, 'late')).toBe(false);
    expect(await stored()).toBeUndefined();
    expect(await store(current, 'current')).toBe(true);
    expect(await stored()).toBe('current');
  });

  it('are not to be read in the database', async () => {
    const holder = randomUUID();
    await take(holder);
    await store(holder, 'S3CRET-TOKEN');
    const row = await bed.db
      .selectFrom('connections')
      .selectAll()
      .where('id', '=', scene.connection.id)
      .executeTakeFirst();
    expect(`${row?.tokens?.toString('latin1')}${row?.credentials?.toString('latin1')}`).not.toMatch(/S3CRET|clientId/);
  });

  it('copied into another row do not open there', async () => {
    const other = await createScene(bed);
    const holder = randomUUID();
    await take(holder);
    await store(holder, 'ours');
    await sql`update connections c set tokens = o.tokens, tokens_key_id = o.tokens_key_id from connections o
      where c.id = ${other.connection.id} and o.id = ${scene.connection.id}`.execute(bed.db);
    await expect(readSecrets(bed.db, scene.vault, other.connection)).rejects.toMatchObject({
      code: 'CREDENTIALS_UNREADABLE',
    });
  });

  it('are judged by the clock of Postgres, which comes along', async () => {
    const { now } = await readSecrets(bed.db, scene.vault, scene.connection);
    const { rows } = await sql<{ behind: boolean }>`select ${now} <= now() as behind`.execute(bed.db);
    expect(rows).toEqual([{ behind: true }]);
  });
});

describe('the connection of the environment', () => {
  const credentials = { clientId: 'c', clientSecret: 's' };
  const ensure = (change: { credentials?: unknown; settings?: Record<string, unknown> } = {}) =>
    ensureConnection(bed.db, scene.vault, {
      organizationId: scene.connection.organizationId,
      connector: 'practicepanther',
      name: 'test',
      settings: {},
      credentials,
      ...change,
    });
  const withTokens = async () => {
    const holder = randomUUID();
    await take(holder);
    await store(holder, 'rotated');
    await setConnectionStatus(bed.db, scene.connection, 'needs_reauth', 'refused');
  };

  it('is made once by ten processes that start at once', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => ensure()));
    expect(new Set(made.map((connection) => connection.id))).toEqual(new Set([scene.connection.id]));
    expect(await listConnections(bed.db, scene.connection.organizationId)).toHaveLength(1);
  });

  it('keeps its tokens and its state as long as the credentials are the same', async () => {
    await withTokens();
    await ensure();
    expect(await ensure({ settings: { pageSize: 50 } })).toMatchObject({
      settings: { pageSize: 50 },
      status: 'needs_reauth',
    });
    expect(await stored()).toBe('rotated');
  });

  it('starts afresh with new credentials', async () => {
    await withTokens();
    const fresh = await ensure({ credentials: { ...credentials, refreshToken: 'new' } });
    expect(fresh).toMatchObject({ id: scene.connection.id, status: 'active', statusReason: null });
    const secrets = await readSecrets(bed.db, scene.vault, scene.connection);
    expect(secrets).toMatchObject({ credentials: { refreshToken: 'new' }, tokens: undefined });
  });

  it('stays paused with new credentials', async () => {
    await setConnectionStatus(bed.db, scene.connection, 'paused', 'by Ann');
    const fresh = await ensure({ credentials: { ...credentials, refreshToken: 'new' } });
    expect(fresh).toMatchObject({ status: 'paused', statusReason: 'by Ann' });
  });

  it('says so when the key is not the one it was stored with', async () => {
    const vault = createVault(['f'.repeat(64)]);
    const given = { organizationId: scene.connection.organizationId, connector: 'practicepanther', name: 'test' };
    await expect(ensureConnection(bed.db, vault, { ...given, settings: {}, credentials })).rejects.toMatchObject({
      code: 'CREDENTIALS_UNREADABLE',
    });
  });

  it('is only found by its own organization', async () => {
    const other = await createScene(bed);
    const { id, organizationId } = scene.connection;
    expect(await findConnection(bed.db, organizationId, id)).toMatchObject({ id });
    expect(await findConnection(bed.db, other.connection.organizationId, id)).toBeUndefined();
    await setConnectionStatus(bed.db, { id, organizationId: other.connection.organizationId }, 'paused', null);
    expect(await findConnection(bed.db, organizationId, id)).toMatchObject({ status: 'active' });
  });
});
