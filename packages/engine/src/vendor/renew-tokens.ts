import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Connector, isSyncError, type Send, SyncError, type Tokens } from '@syncline/connector-kit';
import {
  type Connection,
  dropTokenLease,
  noteTokenFailure,
  readSecrets,
  storeTokens,
  takeTokenLease,
} from '@syncline/store';
import { credentialsOf } from '../connection-settings.js';
import type { EngineContext } from '../context.js';

/** Longer than a token request with all its tries can take. */
const leaseSeconds = 90;

export interface RenewOptions {
  readonly connector: Connector;
  readonly connection: Connection;
  readonly send: Send;
  readonly signal: AbortSignal;
  /** An access token that the vendor has just refused, however fresh it looks. */
  readonly refused: string | undefined;
}

/**
 * Tokens that can be used: the stored ones, or new ones. One worker of the fleet asks the vendor, the others wait for
 * what it stores: refresh tokens rotate, and two workers that use the same one lock each other out.
 *
 * Throws SyncError UPSTREAM_AUTH when the vendor does not accept the credentials.
 */
export async function renewTokens(ctx: EngineContext, options: RenewOptions): Promise<Tokens> {
  const { connector, connection, refused, signal } = options;
  const holder = randomUUID();
  const usable = (tokens: Tokens | undefined, now: Date): tokens is Tokens =>
    tokens !== undefined && tokens.accessToken !== refused && connector.auth.isFresh(tokens, now);
  for (;;) {
    const { tokens, now } = await readSecrets(ctx.db, ctx.vault, connection);
    if (usable(tokens, now)) return tokens;
    if (await takeTokenLease(ctx.db, connection, holder, leaseSeconds)) {
      try {
        // Read again under the lease: another worker may have stored new ones in between.
        const current = await readSecrets(ctx.db, ctx.vault, connection);
        if (usable(current.tokens, current.now)) return current.tokens;
        return await acquire(ctx, options, holder, current);
      } finally {
        await dropTokenLease(ctx.db, connection, holder);
      }
    }
    await pause(100 + Math.random() * 150, undefined, { signal });
  }
}

async function acquire(
  ctx: EngineContext,
  { connector, connection, send }: RenewOptions,
  holder: string,
  held: { readonly credentials: unknown; readonly tokens: Tokens | undefined; readonly now: Date },
): Promise<Tokens> {
  try {
    const credentials = credentialsOf(connector, held.credentials);
    const tokens = await connector.auth.acquire?.(send, credentials, held.tokens, held.now);
    if (tokens === undefined) throw new Error(`${connector.id} has no tokens to get`);
    // Stored before it is used: a token that rotated and was not stored is lost for good.
    const granted = { tokens, credentials: held.credentials };
    if (!(await storeTokens(ctx.db, ctx.vault, connection, holder, granted))) {
      const why = 'Getting a token took so long that another worker has taken over, or the credentials were changed';
      throw new SyncError('UPSTREAM_TIMEOUT', why);
    }
    ctx.log.info({ event: 'token.renewed', expiresAt: tokens.expiresAt }, 'access token renewed');
    return tokens;
  } catch (error) {
    if (!isSyncError(error, 'UPSTREAM_AUTH')) {
      await noteFailure(ctx, connection, error);
      throw error;
    }
    // Refused, but perhaps only because somebody else has just rotated the refresh token: theirs works then.
    const { tokens } = await readSecrets(ctx.db, ctx.vault, connection);
    if (tokens !== undefined && tokens.accessToken !== held.tokens?.accessToken) return tokens;
    await noteFailure(ctx, connection, error);
    throw error;
  }
}

/** For people who ask how it stands. A budget or a circuit that has to be waited for is no failure of the tokens. */
async function noteFailure(ctx: EngineContext, connection: Connection, error: unknown): Promise<void> {
  if (!isSyncError(error) || error.entry.kind === 'wait' || error.code === 'BUDGET_UNAVAILABLE') return;
  try {
    await noteTokenFailure(ctx.db, connection, error.code);
  } catch (cause) {
    // What went wrong with the tokens is what has to be told.
    ctx.log.warn({ event: 'token.unnoted', err: cause }, 'a failed renewal could not be noted');
  }
}
