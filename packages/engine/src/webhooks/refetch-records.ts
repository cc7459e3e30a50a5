import {
  type Connector,
  type Entity,
  isSyncError,
  type RejectedRecord,
  SyncError,
  withSettings,
} from '@syncline/connector-kit';
import type { Verdict } from '@syncline/queue';
import {
  type ClaimedSignal,
  type Connection,
  isTransientDatabaseError,
  liveIdsBeside,
  readClock,
  releaseSignals,
  settleSignals,
} from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import type { EngineContext } from '../context.js';
import { measureLags } from '../measure/measure-lags.js';
import { failureOf } from '../recovery/failure-of.js';
import { countsAsAttempt, verdictOn } from '../recovery/obstacle.js';
import { failed, type Look, lookUp } from '../run/look-up.js';
import { fetchOneOf } from '../run/selected.js';
import { targetSql } from '../table-families.js';
import { knownSettings } from '../vendor/known-settings.js';
import { openClient } from '../vendor/open-client.js';

export interface SignalWork {
  readonly connector: Connector;
  readonly entity: Entity;
  readonly connection: Connection;
  readonly claim: string;
  /** Aborted when the process stops or the job's lock is lost. */
  readonly signal: AbortSignal;
}

/** Records of one connection that are fetched at the same time. The budget decides how fast that can be. */
const atOnce = 4;
/** Ids that a vendor who denies a record has to know one of. */
const othersAsked = 3;
/** After so many tries that failed for the vendor's trouble with it, a record becomes a failed item, with more patience. */
const mostTries = 5;
/** The pause before a record is tried again that the vendor had trouble with; it doubles. */
const retrySeconds = 15;
/** A table that cannot be written, or may have no more failed items: somebody has to look. */
const tableRestMs = 300_000;

/**
 * Asks for records as they are now and writes them, all in one transaction, with no HTTP while it is open. What it does
 * not come to stays under the claim. Gives a verdict when it makes no sense to go on now.
 */
export async function refetchRecords(
  ctx: EngineContext,
  work: SignalWork,
  signals: readonly ClaimedSignal[],
): Promise<Verdict | undefined> {
  const asOf = await readClock(ctx.db);
  const { looks, obstacle } = await lookAtAll(ctx, work, signals);
  try {
    if (looks.length > 0) await settle(ctx, work, looks, asOf);
  } catch (error) {
    if (!isSyncError(error, 'TARGET_SCHEMA', 'FAILED_ITEMS_FULL')) throw error;
    ctx.log.error({ event: 'webhook.write_failed', err: error }, 'what webhooks told of cannot be written');
    return { kind: 'rest', until: new Date(Date.now() + tableRestMs) };
  }
  if (obstacle === undefined) return undefined;
  const { error, culprit } = obstacle;
  if (culprit !== undefined && countsAsAttempt(work.signal, error)) {
    const { vendorId, attempts } = culprit;
    const seconds = retrySeconds * 2 ** attempts;
    await releaseSignals(ctx.db, work.claim, { vendorIds: [vendorId], seconds, isAttempt: true });
  }
  return verdictOn(ctx, work, error);
}

interface Obstacle {
  readonly error: unknown;
  /** The record that was asked for; undefined when nothing was. */
  readonly culprit: ClaimedSignal | undefined;
}

async function lookAtAll(
  ctx: EngineContext,
  work: SignalWork,
  signals: readonly ClaimedSignal[],
): Promise<{ readonly looks: readonly Look[]; readonly obstacle: Obstacle | undefined }> {
  const waiting = signals.filter(({ attempts }) => attempts < mostTries);
  const looks: Look[] = signals
    .filter(({ attempts }) => attempts >= mostTries)
    .map(({ vendorId }) => ({ rejected: usedUp(vendorId) }));
  let obstacle: Obstacle | undefined;
  try {
    const look = await openLook(ctx, work, signals);
    const lookOn = async () => {
      for (;;) {
        const culprit = obstacle === undefined && !work.signal.aborted ? waiting.shift() : undefined;
        if (culprit === undefined) return;
        try {
          looks.push(await look(culprit.vendorId));
        } catch (error) {
          obstacle ??= { error, culprit };
        }
      }
    };
    if (waiting.length > 0) await Promise.all(Array.from({ length: atOnce }, lookOn));
  } catch (error) {
    obstacle = { error, culprit: undefined };
  }
  return { looks, obstacle };
}

/** The vendor, known as far as a record has to be understood. Somebody waits for these records: they go first. */
async function openLook(ctx: EngineContext, work: SignalWork, signals: readonly ClaimedSignal[]) {
  const { connector, connection } = work;
  const client = await openClient(ctx, connector, connection, work.signal, 'webhook');
  const entity = withSettings(work.entity, await knownSettings(ctx, connector, connection, client));
  const fetchOne = fetchOneOf(entity);
  const look = lookUp(entity, {
    fetchOne: (id) => fetchOne(client, id),
    others: async () => {
      const place = { sql: await targetSql(ctx.db, connector, work.entity), connectionId: connection.id };
      return liveIdsBeside(
        ctx.db,
        place,
        signals.map(({ vendorId }) => vendorId),
        othersAsked,
      );
    },
  });
  return async (id: string): Promise<Look> => {
    const found = await look(id);
    // The ledger knows the record by the id that the webhook named, letter for letter.
    const isNamed = !('ok' in found) || found.ok.key === id;
    return isNamed ? found : { rejected: failed(id, 'UPSTREAM_BAD_BODY', 'The vendor writes the id in another way') };
  };
}

function usedUp(vendorId: string): RejectedRecord {
  return failed(vendorId, 'UPSTREAM_UNAVAILABLE', `The vendor had trouble with this record ${mostTries} times`);
}

async function settle(ctx: EngineContext, work: SignalWork, looks: readonly Look[], asOf: Date): Promise<void> {
  const { connector, entity, connection, claim } = work;
  const { organizationId, id: connectionId } = connection;
  const { maxOpenFailedItems: maxOpenItems } = settingsOf(connector, connection);
  const sql = await targetSql(ctx.db, connector, entity);
  const target = { sql, organizationId, connectionId, firstLoad: false, maxOpenItems };
  const write = (some: readonly Look[]) =>
    settleSignals(
      ctx.db,
      target,
      { entity: entity.name, claim },
      {
        records: some.flatMap((look) => ('ok' in look ? [look.ok] : [])),
        rejected: some.flatMap((look) => ('rejected' in look ? [look.rejected] : [])),
        gone: { vendorIds: some.flatMap((look) => ('gone' in look ? [look.gone] : [])), asOf },
        lossless: some.some((look) => 'lossless' in look && look.lossless === true),
      },
    );
  const { lags, ...settled } = await write(looks).catch((error: unknown) => {
    if (error instanceof SyncError || isTransientDatabaseError(error)) throw error;
    // A bug of ours in writing one batch must not come back for ever: its records become failed items.
    const { code, message } = failureOf(error);
    return write(looks.map((look) => ('ok' in look ? { rejected: failed(look.ok.key, code, message) } : look)));
  });
  measureLags(ctx, connector.id, lags);
  ctx.log.info({ event: 'webhook.fetched', ...settled }, 'records that webhooks told of were fetched');
}
