import { randomBytes, randomUUID } from 'node:crypto';
import type { Tokens } from '@syncline/connector-kit';
import {
  type Connection,
  cancelJob,
  countSecrets,
  createVault,
  ensureConnection,
  failJob,
  insertJobAccess,
  readJobAccess,
  readSecrets,
  rotateSecrets,
  storeTokens,
} from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  await bed.db.deleteFrom('connections').execute();
});

const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const before = createVault([oldKey]);
const both = createVault([newKey, oldKey]);
const after = createVault([newKey]);
const [oldId = ''] = before.keyIds;
const [newId = ''] = both.keyIds;

const tokensOf = (accessToken: string): Tokens => ({
  accessToken,
  expiresAt: '2030-01-01T00:00:00.000Z',
  refreshToken: `refresh of ${accessToken}`,
});
const renew = (connection: Connection, accessToken: string, vault = both, secret = connection.organizationId) =>
  storeTokens(bed.db, vault, connection, randomUUID(), { tokens: tokensOf(accessToken), credentials: { secret } });

/** Connections, each of an organization of its own, with credentials and tokens under the key that the vault has in front. */
async function connectMany(count: number, vault = before): Promise<Connection[]> {
  const rest = {
    connector: 'practicepanther',
    name: 'test',
    settings: {},
    status: 'active',
    statusReason: null,
    fromEnvironment: false,
  } as const;
  const connections = Array.from({ length: count }, () => ({
    id: randomUUID(),
    organizationId: randomUUID(),
    ...rest,
  }));
  await bed.db
    .insertInto('organizations')
    .values(connections.map(({ organizationId: id }) => ({ id, slug: `org-${id}`, name: 'A firm' })))
    .execute();
  await bed.db
    .insertInto('connections')
    .values(
      connections.map(({ id, organizationId, connector, name }) => {
        const of = { organizationId, connectionId: id };
        const credentials = vault.seal({ ...of, purpose: 'credentials' }, { secret: organizationId });
        const tokens = vault.seal({ ...of, purpose: 'tokens' }, tokensOf('first'));
        return {
          ...{ id, organization_id: organizationId, connector, name, settings: '{}' },
          ...{ credentials: credentials.ciphertext, credentials_key_id: credentials.keyId },
          ...{ tokens: tokens.ciphertext, tokens_key_id: tokens.keyId },
        };
      }),
    )
    .execute();
  return connections;
}
async function connect(vault = before): Promise<Connection> {
  const [connection] = await connectMany(1, vault);
  if (connection === undefined) throw new Error('no connection was made');
  return connection;
}
const reads = (connection: Connection, vault = after) => readSecrets(bed.db, vault, connection);

describe('rotating keys', () => {
  it('seals every secret with the newest key, more than one batch of them, and has nothing to do the second time', async () => {
    const connections = await connectMany(60);
    await connect(both);
    expect(await rotateSecrets(bed.db, both)).toEqual({
      rotated: { credentials: 60, tokens: 60, webhook_keys: 0, job_access: 0 },
      already: 2,
      unreadable: [],
      contested: [],
    });
    for (const connection of connections) {
      expect(await reads(connection)).toMatchObject({
        credentials: { secret: connection.organizationId },
        tokens: tokensOf('first'),
      });
    }
    expect(await countSecrets(bed.db)).toEqual([
      { keyId: newId, credentials: 61, tokens: 61, webhook_keys: 0, job_access: 0 },
    ]);
    const xmins = () => sql`select xmin::text from connections order by id`.execute(bed.db);
    const { rows } = await xmins();
    expect(await rotateSecrets(bed.db, both)).toMatchObject({ rotated: { credentials: 0, tokens: 0 }, already: 122 });
    expect((await xmins()).rows).toEqual(rows);
  });

  it('leaves a connection without tokens without', async () => {
    const connection = await connect();
    await sql`update connections set tokens = null, tokens_key_id = null`.execute(bed.db);
    expect(await rotateSecrets(bed.db, both)).toMatchObject({ rotated: { credentials: 1, tokens: 0 }, already: 0 });
    expect(await reads(connection)).toMatchObject({ tokens: undefined });
  });

  it('touches neither the lease nor the history of the tokens', async () => {
    await connect();
    const rest = () =>
      sql`select token_lease_holder, token_lease_until, tokens_renewed_at, token_failures, updated_at, status
        from connections`.execute(bed.db);
    await sql`update connections set token_lease_holder = gen_random_uuid(), token_lease_until = now() + interval '1 minute',
      token_failures = 3`.execute(bed.db);
    const { rows } = await rest();
    await rotateSecrets(bed.db, both);
    expect((await rest()).rows).toEqual(rows);
  });
});

describe('tokens that are renewed meanwhile', () => {
  /** Renews in a transaction that is still open when the rotation comes to the row, so that it has read the old ones. */
  async function renewUnderWay(connection: Connection, vault: typeof both) {
    const rotation = await bed.db.transaction().execute(async (trx) => {
      const renewed = { tokens: tokensOf('renewed'), credentials: undefined };
      expect(await storeTokens(trx, vault, connection, randomUUID(), renewed)).toBe(true);
      const rotating = rotateSecrets(bed.db, both);
      await eventually('the rotation waits for the row', async () => {
        const { rows } = await sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(bed.db);
        return rows.length > 0;
      });
      return { rotating };
    });
    return rotation.rotating;
  }

  it('are not replaced by the older ones, and count as sealed already if they are', async () => {
    const connection = await connect();
    // Only the tokens are left to do: the credentials' turn would come first and wait.
    await sql`update connections set credentials = null`.execute(bed.db);
    expect(await renewUnderWay(connection, both)).toMatchObject({ rotated: { tokens: 0 }, already: 1 });
    expect((await reads(connection)).tokens).toEqual(tokensOf('renewed'));
  });

  it('are sealed anew if a process that does not have the new key first has stored them', async () => {
    const connection = await connect();
    await sql`update connections set credentials = null`.execute(bed.db);
    expect(await renewUnderWay(connection, before)).toMatchObject({ rotated: { tokens: 1 }, contested: [] });
    expect((await reads(connection)).tokens).toEqual(tokensOf('renewed'));
  });

  it('can be read at every moment, and the last ones are what stays', async () => {
    const connections = await connectMany(12);
    let rotating = true;
    const last = new Map<string, string>();
    const renewing = connections.slice(0, 6).map(async (connection) => {
      // Half of the processes still have the old key in front.
      for (let i = 0; rotating || i < 5; i += 1) {
        const stored = renew(connection, `${connection.id} ${i}`, i % 2 === 0 ? both : createVault([oldKey, newKey]));
        // Also when the credentials beside them are encrypted anew at this moment.
        expect(await stored).toBe(true);
        last.set(connection.id, `${connection.id} ${i}`);
      }
      await renew(connection, 'the last');
    });
    let readings = 0;
    const reading = (async () => {
      while (rotating) {
        for (const connection of connections) {
          expect(await reads(connection, both)).toMatchObject({ credentials: { secret: connection.organizationId } });
          readings += 1;
        }
      }
    })();
    try {
      await rotateSecrets(bed.db, both);
    } finally {
      rotating = false;
    }
    await Promise.all([...renewing, reading]);
    expect(readings).toBeGreaterThan(0);
    await rotateSecrets(bed.db, both);
    for (const [i, connection] of connections.entries()) {
      expect((await reads(connection)).tokens).toEqual(tokensOf(i < 6 ? 'the last' : 'first'));
    }
  });

  it('are under the newest key from then on, whoever stores them with it in front', async () => {
    const connection = await connect();
    await rotateSecrets(bed.db, both);
    await renew(connection, 'later');
    await ensureConnection(bed.db, both, { ...connection, settings: {}, credentials: { secret: 'changed' } });
    expect(await countSecrets(bed.db)).toEqual([
      { keyId: newId, credentials: 1, tokens: 0, webhook_keys: 0, job_access: 0 },
    ]);
    await renew(connection, 'later', both, 'changed');
    expect(await countSecrets(bed.db)).toEqual([
      { keyId: newId, credentials: 1, tokens: 1, webhook_keys: 0, job_access: 0 },
    ]);
  });
});

describe('a secret that others replace again and again', () => {
  it('is given up after some tries and named, and stops nobody else', async () => {
    const [busy, fine] = [await connect(), await connect()];
    // To the one who swaps it looks like that: it is never what he has read, and never under the newest key.
    await sql`create or replace function hold() returns trigger language plpgsql as $$ begin return null; end $$`.execute(
      bed.db,
    );
    await sql
      .raw(`create trigger hold before update of tokens on connections for each row
      when (old.id = '${busy.id}') execute function hold()`)
      .execute(bed.db);
    try {
      expect(await rotateSecrets(bed.db, both)).toMatchObject({
        rotated: { credentials: 2, tokens: 1 },
        contested: [busy.id],
        unreadable: [],
      });
    } finally {
      await sql`drop trigger hold on connections`.execute(bed.db);
    }
    expect(await reads(busy, both)).toMatchObject({ tokens: tokensOf('first') });
    expect(await reads(fine)).toMatchObject({ tokens: tokensOf('first') });
    expect(await rotateSecrets(bed.db, both)).toMatchObject({ rotated: { credentials: 0, tokens: 1 }, contested: [] });
  });
});

describe('what is good for one job', () => {
  const access = { credentials: { apiKey: 'of one sync' }, baseUrl: 'https://crm.example/' };
  const jobOf = async (connection: Connection) => {
    const { id } = await bed.db
      .insertInto('sync_jobs')
      .values({
        ...{ organization_id: connection.organizationId, connection_id: connection.id, adhoc_host: 'crm.example' },
        ...{ sync_type: 'daily', mode: 'full', trigger: 'manual' },
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return { id, organizationId: connection.organizationId, connectionId: connection.id };
  };

  it('is sealed anew as well, opens for no other job, and is gone when the job ends, whoever ends it', async () => {
    const [one, other] = [await jobOf(await connect(after)), await jobOf(await connect(after))];
    for (const job of [one, other]) await insertJobAccess(bed.db, before, job, access);
    expect(await rotateSecrets(bed.db, both)).toMatchObject({ rotated: { credentials: 0, job_access: 2 }, already: 4 });
    expect(await countSecrets(bed.db)).toMatchObject([{ keyId: newId, job_access: 2 }]);
    expect(await readJobAccess(bed.db, after, one)).toEqual(access);
    await sql`update job_secrets t set access = o.access from job_secrets o
      where t.sync_job_id = ${one.id} and o.sync_job_id = ${other.id}`.execute(bed.db);
    await expect(readJobAccess(bed.db, after, one)).rejects.toMatchObject({ code: 'CREDENTIALS_UNREADABLE' });
    await failJob(bed.db, one.id, 'JOB_STALE', 'nobody carried it on');
    await cancelJob(bed.db, other.organizationId, other.id, { actor: 'Ann' });
    expect(await bed.db.selectFrom('job_secrets').selectAll().execute()).toEqual([]);
  });
});

describe('what no key opens', () => {
  it('is named and left as it is, and stops nobody else', async () => {
    const [lost, fine] = [await connect(createVault([randomBytes(32).toString('base64')])), await connect()];
    const stored = () => sql`select credentials, tokens from connections where id = ${lost.id}`.execute(bed.db);
    const { rows } = await stored();
    expect(await rotateSecrets(bed.db, both)).toMatchObject({
      rotated: { credentials: 1, tokens: 1 },
      unreadable: [lost.id],
    });
    expect((await stored()).rows).toEqual(rows);
    expect(await reads(fine)).toMatchObject({ tokens: tokensOf('first') });
  });

  it('includes what was moved into the row of another organization: it is never sealed for that one', async () => {
    const [victim, thief] = [await connect(), await connect()];
    await sql`update connections t set credentials = v.credentials, credentials_key_id = v.credentials_key_id,
      tokens = v.tokens, tokens_key_id = v.tokens_key_id from connections v
      where t.id = ${thief.id} and v.id = ${victim.id}`.execute(bed.db);
    await expect(reads(thief, both)).rejects.toMatchObject({ code: 'CREDENTIALS_UNREADABLE' });
    expect(await rotateSecrets(bed.db, both)).toMatchObject({
      rotated: { credentials: 1, tokens: 1 },
      unreadable: [thief.id],
    });
    await expect(reads(thief, both)).rejects.toMatchObject({ code: 'CREDENTIALS_UNREADABLE' });
    expect(await countSecrets(bed.db)).toEqual(
      expect.arrayContaining([
        { keyId: oldId, credentials: 1, tokens: 1, webhook_keys: 0, job_access: 0 },
        { keyId: newId, credentials: 1, tokens: 1, webhook_keys: 0, job_access: 0 },
      ]),
    );
  });

  it('includes the whole row of another organization’s connection, by its own id', async () => {
    const [victim, thief] = [await connect(), await connect()];
    await sql`update connections set organization_id = ${thief.organizationId}, name = 'moved' where id = ${victim.id}`.execute(
      bed.db,
    );
    const moved = { ...victim, organizationId: thief.organizationId };
    await expect(reads(moved, both)).rejects.toMatchObject({ code: 'CREDENTIALS_UNREADABLE' });
    expect(await rotateSecrets(bed.db, both)).toMatchObject({ unreadable: [victim.id] });
  });
});
