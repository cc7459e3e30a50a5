import { isDeepStrictEqual } from 'node:util';
import {
  type Connector,
  isSyncError,
  type Priority,
  parseJson,
  type Send,
  SyncError,
  type Tokens,
  type VendorAnswer,
  type VendorClient,
  type VendorRequest,
  type VendorResponse,
} from '@syncline/connector-kit';
import { type Connection, type JobAccess, readSecrets, type Secrets } from '@syncline/store';
import { baseUrlOf, credentialsOf, settingsOf } from '../connection-settings.js';
import type { EngineContext } from '../context.js';
import { budgetKey } from './budget-key.js';
import { renewTokens } from './renew-tokens.js';

/** Longer than a window of any budget whose records take several requests; a turn that waits for so long keeps its worker. */
const onwardWaitMs = 30_000;

/**
 * The vendor's API over the road, as this connection. Tokens are renewed before they expire, and once more when the
 * vendor refuses one. `priority` is whose turn it is when the budget is short: the mode of a run, `webhook` where
 * somebody waits for the answer. What a connector asks of `patient` has the lowest there is, or the next one for whom
 * somebody waits; what it asks of `onward`, of either, waits in its place.
 *
 * `access`: what a job has of its own instead of the connection's; its budget and circuit go by it.
 *
 * Throws SyncError CREDENTIALS_UNREADABLE, CONNECTION_SETTINGS_INVALID, EGRESS_REFUSED. The client throws
 * CREDENTIALS_REPLACED, and not UPSTREAM_AUTH, where the refused credentials are the connection's no more: that says
 * nothing about the new ones.
 */
export async function openClient(
  ctx: EngineContext,
  connector: Connector,
  connection: Connection,
  signal: AbortSignal,
  priority: Priority = 'incremental',
  access?: JobAccess,
): Promise<VendorClient> {
  const settings = settingsOf(connector, atPlaceOf(connection, access));
  const secrets = await secretsFor(ctx, connection, access);
  const credentials = credentialsOf(connector, secrets.credentials);
  const lane = (own: Priority, maxInlineWaitMs?: number) =>
    ctx.road.open({
      vendor: connector.id,
      baseUrl: baseUrlOf(connector, settings, credentials),
      budgetKey: budgetKey(connector, credentials),
      windows: connector.budget(settings),
      priority: own,
      ...(maxInlineWaitMs !== undefined && { maxInlineWaitMs }),
      signal,
      deadlineMs: settings.timeoutSeconds * 1_000,
      retry: { tries: settings.maxRetries, baseMs: settings.backoffBaseMs },
      circuit: { maxFailures: settings.circuitMaxFailures, resetSeconds: settings.circuitResetSeconds },
    });
  const send = lane(priority);
  let tokens: Tokens | undefined = secrets.tokens;

  const renew = async (refused?: string) => {
    tokens = await renewTokens(ctx, { connector, connection, send, signal, refused });
  };
  const attempt = async (over: Send, request: VendorRequest): Promise<VendorResponse> => {
    if (!connector.auth.isFresh(tokens, new Date())) await renew();
    const response = await over(connector.auth.authorize(request, credentials, tokens));
    if (!connector.auth.isRejected(response)) return response;
    if (connector.auth.acquire === undefined) throw refusedCredentials(response);
    await renew(tokens?.accessToken);
    const second = await over(connector.auth.authorize(request, credentials, tokens));
    if (!connector.auth.isRejected(second)) return second;
    throw new SyncError('UPSTREAM_AUTH', 'The vendor refuses a token that it has just granted', {
      details: { status: second.status },
    });
  };
  const authorized = async (over: Send, request: VendorRequest): Promise<VendorResponse> => {
    try {
      return await attempt(over, request);
    } catch (error) {
      const say = access?.credentials !== undefined || !isSyncError(error, 'UPSTREAM_AUTH');
      if (say || (await areStill(ctx, connection, secrets))) throw error;
      throw new SyncError('CREDENTIALS_REPLACED', undefined, { cause: error });
    }
  };
  const clientOver = (over: Send): VendorClient => ({
    get: async (url, query) => {
      const request: VendorRequest = { method: 'GET', url, query, headers: { accept: 'application/json' } };
      return readAnswer(connector, request, await authorized(over, request));
    },
    post: async (url, json) => {
      const request: VendorRequest = { method: 'POST', url, json, headers: { accept: 'application/json' } };
      return readAnswer(connector, request, await authorized(over, request));
    },
  });
  // Where somebody waits for a record, he waits for all of it.
  const patiently: Priority = priority === 'webhook' ? 'incremental' : 'backfill';
  const patient = { ...clientOver(lane(patiently)), onward: clientOver(lane(patiently, onwardWaitMs)) };
  return { ...clientOver(send), onward: clientOver(lane(priority, onwardWaitMs)), patient };
}

/** The connection's settings, as far as a job's own access says nothing else. */
function atPlaceOf(connection: Connection, access: JobAccess | undefined): Pick<Connection, 'settings'> {
  if (access?.baseUrl === undefined) return connection;
  return { settings: { ...connection.settings, baseUrl: access.baseUrl } };
}

/** A job's own credentials have no tokens, and those of the connection are not asked for. */
async function secretsFor(
  ctx: Pick<EngineContext, 'db' | 'vault'>,
  connection: Connection,
  access: JobAccess | undefined,
): Promise<Pick<Secrets, 'credentials' | 'tokens'>> {
  if (access?.credentials === undefined) return readSecrets(ctx.db, ctx.vault, connection);
  return { credentials: access.credentials, tokens: undefined };
}

/** Whether the connection's credentials are the ones that were opened. */
async function areStill(
  ctx: Pick<EngineContext, 'db' | 'vault'>,
  connection: Connection,
  { credentials }: Pick<Secrets, 'credentials'>,
): Promise<boolean> {
  return isDeepStrictEqual((await readSecrets(ctx.db, ctx.vault, connection)).credentials, credentials);
}

/** There is nothing to renew: what was sent are the credentials themselves. */
function refusedCredentials({ status }: VendorResponse): SyncError {
  return new SyncError('UPSTREAM_AUTH', `The vendor does not accept the credentials (status ${status})`, {
    details: { status },
  });
}

function readAnswer(connector: Connector, request: VendorRequest, response: VendorResponse): VendorAnswer {
  const details = { status: response.status, path: request.url };
  if (response.status >= 300) {
    const code = connector.classify?.(request, response) ?? 'UPSTREAM_REJECTED';
    throw new SyncError(code, `The vendor answered ${response.status} to ${request.url}`, { details });
  }
  try {
    const { value, lossless } = parseJson(response.body);
    return { json: value, lossless, vendorTime: response.vendorTime };
  } catch (cause) {
    throw new SyncError('UPSTREAM_BAD_BODY', `The vendor's answer to ${request.url} is not JSON`, { details, cause });
  }
}
