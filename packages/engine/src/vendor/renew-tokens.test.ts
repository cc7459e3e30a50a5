import { type AuthStrategy, type Send, SyncError, type Tokens } from '@syncline/connector-kit';
import { readSecrets, readTokenHealth, storeTokens, takeTokenLease } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../testing/shop.js';
import { changeConnection } from '../connections/change-connection.js';
import { deleteConnection } from '../connections/delete-connection.js';
import { renewTokens } from './renew-tokens.js';

const by = { actor: 'Ann' };

const tokensOf = (accessToken: string, expiresAt = '2099-01-01T00:00:00.000Z'): Tokens => ({ accessToken, expiresAt });
const send: Send = () => Promise.reject(new Error('nothing is sent here'));

/** A vendor that grants `at-1`, `at-2`… unless told otherwise. */
let grants: number;
let acquire: NonNullable<AuthStrategy<unknown>['acquire']>;
const auth: AuthStrategy<unknown> = {
  isFresh: (tokens, now) => tokens !== undefined && Date.parse(tokens.expiresAt) > now.getTime(),
  acquire: (...given) => acquire(...given),
  authorize: (request) => request,
  isRejected: () => false,
};

let bed: TestBed;
let shop: Shop;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed, auth);
  grants = 0;
  acquire = async () => {
    grants += 1;
    return tokensOf(`at-${grants}`);
  };
});
afterEach(() => shop.close());

const renew = (refused?: string, signal = new AbortController().signal) =>
  renewTokens(shop.ctx, { connector: shop.connector, connection: shop.connection, send, signal, refused });
const stored = async () => (await readSecrets(bed.db, shop.ctx.vault, shop.connection)).tokens?.accessToken;
const holder = '00000000-0000-4000-8000-000000000001';
const storeAs = async (tokens: Tokens) => {
  await takeTokenLease(bed.db, shop.connection, holder, 60);
  await storeTokens(bed.db, shop.ctx.vault, shop.connection, holder, { tokens, credentials: { key: 'k' } });
};

describe('tokens', () => {
  it('are got once for sixteen who need them, and stored', async () => {
    const got = await Promise.all(Array.from({ length: 16 }, () => renew()));
    expect(grants).toBe(1);
    expect(new Set(got.map((tokens) => tokens.accessToken))).toEqual(new Set(['at-1']));
    expect(await stored()).toBe('at-1');
  });

  it('are got once however those who need them come in between', async () => {
    let refused: string | undefined;
    for (let round = 1; round <= 8; round += 1) {
      const renewals: Promise<Tokens>[] = [];
      for (let i = 0; i < 12; i += 1) {
        renewals.push(renew(refused));
        for (let pause = 0; pause < i % 4; pause += 1) await new Promise(setImmediate);
      }
      await Promise.all(renewals);
      expect(grants).toBe(round);
      refused = `at-${round}`;
    }
  });

  it('are stored before anybody can use them', async () => {
    let during: string | undefined = 'nothing yet';
    acquire = async () => {
      during = await stored();
      return tokensOf('new');
    };
    expect((await renew()).accessToken).toBe('new');
    expect(during).toBeUndefined();
    expect(await stored()).toBe('new');
  });

  it('that are stored and fresh are taken as they are', async () => {
    await storeAs(tokensOf('held'));
    expect((await renew()).accessToken).toBe('held');
    expect(grants).toBe(0);
  });

  it('that have expired, or that the vendor refuses, are not', async () => {
    await storeAs(tokensOf('old', '2020-01-01T00:00:00.000Z'));
    expect((await renew()).accessToken).toBe('at-1');
    expect((await renew('at-1')).accessToken).toBe('at-2');
  });

  it('refused to sixteen at once are renewed once', async () => {
    await storeAs(tokensOf('refused'));
    const got = await Promise.all(Array.from({ length: 16 }, () => renew('refused')));
    expect(grants).toBe(1);
    expect(new Set(got.map((tokens) => tokens.accessToken))).toEqual(new Set(['at-1']));
  });
});

describe('while another worker asks the vendor', () => {
  it('one waits for what it stores', async () => {
    await takeTokenLease(bed.db, shop.connection, holder, 60);
    const waiting = renew();
    const theirs = { tokens: tokensOf('theirs'), credentials: { key: 'k' } };
    await storeTokens(bed.db, shop.ctx.vault, shop.connection, holder, theirs);
    expect((await waiting).accessToken).toBe('theirs');
    expect(grants).toBe(0);
  });

  it('one stops waiting when the process stops', async () => {
    await takeTokenLease(bed.db, shop.connection, holder, 60);
    const stopping = new AbortController();
    const waiting = renew(undefined, stopping.signal);
    stopping.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('one takes over when that worker is gone', async () => {
    await takeTokenLease(bed.db, shop.connection, holder, 60);
    const waiting = renew();
    await bed.db
      .updateTable('connections')
      .set({ token_lease_until: new Date(0) })
      .where('id', '=', shop.connection.id)
      .execute();
    expect((await waiting).accessToken).toBe('at-1');
  });
});

describe('a grant that fails', () => {
  it.each(['UPSTREAM_BAD_BODY', 'UPSTREAM_TIMEOUT'] as const)(
    'keeps what is stored, and lets the next one try: %s',
    async (code) => {
      await storeAs(tokensOf('old', '2020-01-01T00:00:00.000Z'));
      const granting = acquire;
      acquire = async () => {
        throw new SyncError(code);
      };
      await expect(renew()).rejects.toMatchObject({ code });
      expect(await stored()).toBe('old');
      acquire = granting;
      expect((await renew()).accessToken).toBe('at-1');
    },
  );

  it('is counted for those who ask how it stands, until one works', async () => {
    const failing = (code: 'UPSTREAM_TIMEOUT' | 'UPSTREAM_AUTH' | 'CIRCUIT_OPEN') => {
      acquire = async () => {
        throw new SyncError(code);
      };
      return renew().catch(() => undefined);
    };
    const granting = acquire;
    await failing('UPSTREAM_TIMEOUT');
    await failing('UPSTREAM_AUTH');
    const noted = { failures: 2, errorCode: 'UPSTREAM_AUTH', failedAt: expect.any(Date), renewedAt: null };
    expect(await readTokenHealth(bed.db, shop.connection)).toEqual(noted);
    // A rest is no failure.
    await failing('CIRCUIT_OPEN');
    expect(await readTokenHealth(bed.db, shop.connection)).toEqual(noted);
    acquire = granting;
    await renew();
    const fine = { failures: 0, errorCode: null, failedAt: null, renewedAt: expect.any(Date) };
    expect(await readTokenHealth(bed.db, shop.connection)).toEqual(fine);
  });

  it('for good says so', async () => {
    acquire = async () => {
      throw new SyncError('UPSTREAM_AUTH');
    };
    await expect(renew()).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
  });

  it('only because another worker has just rotated the refresh token is none', async () => {
    await storeAs(tokensOf('old', '2020-01-01T00:00:00.000Z'));
    acquire = async () => {
      // Its lease ran out while the vendor was slow; another one took it, was granted new tokens and stored them.
      await bed.db
        .updateTable('connections')
        .set({ token_lease_until: new Date(0) })
        .where('id', '=', shop.connection.id)
        .execute();
      await storeAs(tokensOf('theirs'));
      throw new SyncError('UPSTREAM_AUTH');
    };
    expect((await renew()).accessToken).toBe('theirs');
  });

  it('is one that came too late: another worker holds the right by now', async () => {
    acquire = async () => {
      await bed.db
        .updateTable('connections')
        .set({ token_lease_until: new Date(0) })
        .where('id', '=', shop.connection.id)
        .execute();
      await takeTokenLease(bed.db, shop.connection, holder, 60);
      return tokensOf('late');
    };
    await expect(renew()).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await stored()).toBeUndefined();
    // The right of the other one is not given back for it.
    expect(await takeTokenLease(bed.db, shop.connection, crypto.randomUUID(), 60)).toBe(false);
  });
});

describe('tokens that the vendor grants for credentials that were replaced meanwhile', () => {
  const change = (key: string) =>
    changeConnection(shop.ctx, shop.connection.organizationId, shop.connection.id, { credentials: { key } }, by);

  it('are not stored: they may be of another account. The new ones get their own', async () => {
    acquire = async (_, credentials) => {
      if (grants === 0) await change('new');
      grants += 1;
      return tokensOf(`of ${JSON.stringify(credentials)}`);
    };
    await expect(renew()).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await stored()).toBeUndefined();
    expect((await renew()).accessToken).toBe('of {"key":"new"}');
  });

  it('are not stored over those of the new ones either', async () => {
    acquire = async () => {
      await change('new');
      const credentials = { key: 'new' };
      await storeTokens(bed.db, shop.ctx.vault, shop.connection, holder, { tokens: tokensOf('new'), credentials });
      return tokensOf('old');
    };
    await expect(renew()).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await stored()).toBe('new');
  });

  it('are not stored in a connection that was deleted: its secrets are gone', async () => {
    acquire = async () => {
      await deleteConnection(shop.ctx, shop.connection.organizationId, shop.connection.id, false, by);
      return tokensOf('late');
    };
    await expect(renew()).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await stored()).toBeUndefined();
  });
});
