import { entityOf } from '@syncline/connector-kit';
import {
  type Connection,
  isTransientDatabaseError,
  type NotedDelivery,
  noteDeliveries,
  storedIds,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';

/** What is to be noted of a delivery for a connection. Records that are `onlyIfStored` are looked for before. */
export interface ToldDelivery {
  readonly connection: Connection;
  readonly outcome: NotedDelivery['outcome'];
  /** Vendor ids, by entity, that are of interest only if there are rows of them. */
  readonly onlyIfStored: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface DeliveryIntake {
  /** Resolves when the delivery is in Postgres; rejects with the database's error. */
  take(told: ToldDelivery): Promise<void>;
}

type IntakeContext = Pick<EngineContext, 'db' | 'connectors' | 'refetches' | 'log' | 'metrics'>;

/** So long a record waits, for all that is told of it in a burst to become one request. */
export const gatherMs = 300;

/** Deliveries of one transaction. */
const mostAtOnce = 500;

/**
 * How long the others wait for one transaction. A line to Postgres that has gone silent is noticed after minutes only;
 * until then nothing at all would be taken in by this process.
 */
const patienceMs = 4_000;

interface Waiting {
  readonly told: ToldDelivery;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Notes deliveries, as many in one transaction as have come in while the last one was being written: nobody waits longer
 * than for two commits, and a burst costs few of them. The vendor is answered after that. Waking whoever fetches is not
 * waited for: the row is enough, the reconciler finds it.
 */
export function openIntake(ctx: IntakeContext): DeliveryIntake {
  const waiting: Waiting[] = [];
  let isWriting = false;
  const write = async () => {
    if (isWriting) return;
    isWriting = true;
    while (waiting.length > 0) await noteBatch(ctx, waiting.splice(0, mostAtOnce));
    isWriting = false;
  };
  return {
    take: (told) =>
      new Promise((resolve, reject) => {
        waiting.push({ told, resolve, reject });
        void write();
      }),
  };
}

/** A batch that Postgres refuses is written one by one: nobody's delivery is in the way of anybody else's. */
async function noteBatch(ctx: IntakeContext, batch: readonly Waiting[]): Promise<void> {
  try {
    const told = batch.map((one) => one.told);
    await inTime(noteAll(ctx, told));
    for (const { resolve } of batch) resolve();
  } catch (error) {
    if (batch.length === 1 || isTransientDatabaseError(error)) {
      for (const { reject } of batch) reject(error);
    } else {
      for (const one of batch) await noteBatch(ctx, [one]);
    }
  }
}

/**
 * Rejects as a database does that is away, when it takes too long. The transaction may still come to its end: then the
 * vendor, who tells the same again, is told of nothing new.
 */
async function inTime(noted: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error('Postgres has gone silent'), { code: 'ETIMEDOUT' });
    timer = setTimeout(() => reject(error), patienceMs);
  });
  try {
    await Promise.race([noted, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function noteAll(ctx: IntakeContext, batch: readonly ToldDelivery[]): Promise<void> {
  const deliveries = await withoutStrangers(ctx, batch);
  const noted = await noteDeliveries(ctx.db, deliveries, gatherMs);
  const places = new Map<string, { readonly connection: Connection; readonly entity: string }>();
  batch.forEach(({ connection }, i) => {
    for (const entity of noted[i]?.entities ?? []) places.set(`${connection.id} ${entity}`, { connection, entity });
  });
  for (const { connection, outcome } of batch) {
    const labels = { connector: connection.connector, outcome: outcome.kind };
    ctx.metrics?.count('syncline_webhook_deliveries_total', labels);
  }
  ctx.log.debug({ event: 'webhook.noted', deliveries: batch.length, places: places.size }, 'webhook deliveries noted');
  for (const { connection, entity } of places.values()) {
    const { organizationId, id: connectionId, connector } = connection;
    const target = { organizationId, connectionId, connector, entity };
    ctx.refetches.wake(target, { delayMs: gatherMs }).catch((error: unknown) => {
      ctx.log.warn(
        { event: 'redis.awaited', err: error, connectionId, entity },
        'Redis is away; the reconciler has the records fetched',
      );
    });
  }
}

/** Leaves out what is of interest only if it is stored, and is not: one question for each entity, not for each delivery. */
async function withoutStrangers(ctx: IntakeContext, batch: readonly ToldDelivery[]): Promise<NotedDelivery[]> {
  const asked = new Map<string, { connection: Connection; entity: string; ids: Set<string> }>();
  for (const { connection, onlyIfStored } of batch) {
    for (const [entity, ids] of onlyIfStored) {
      const key = `${connection.id} ${entity}`;
      const place = asked.get(key) ?? { connection, entity, ids: new Set() };
      for (const id of ids) place.ids.add(id);
      asked.set(key, place);
    }
  }
  const stored = new Map<string, ReadonlySet<string>>();
  for (const [key, { connection, entity, ids }] of asked) {
    const { table } = entityOf(connectorOf(ctx, connection.connector), entity);
    stored.set(key, await storedIds(ctx.db, table, connection, [...ids]));
  }
  return batch.map(({ connection, outcome, onlyIfStored }) => {
    const { id: connectionId, organizationId } = connection;
    if (outcome.kind !== 'event') return { organizationId, connectionId, outcome };
    const signals = outcome.signals.filter(
      ({ entity, vendorId }) =>
        !onlyIfStored.get(entity)?.has(vendorId) || stored.get(`${connectionId} ${entity}`)?.has(vendorId),
    );
    if (signals.length > 0) return { organizationId, connectionId, outcome: { ...outcome, signals } };
    const { verifies } = outcome;
    return { organizationId, connectionId, outcome: { kind: 'ignored', why: 'other_source', verifies } };
  });
}
