import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connectors, notion } from '@syncline/connectors';
import { openWebhookDoor } from '@syncline/engine';
import { openRefetches } from '@syncline/queue';
import { type NotedDelivery, noteDeliveries, openDatabase } from '@syncline/store';
import { median, percentile } from '../report.js';
import type { Agency } from './agency.js';
import { letterOf } from './letter.js';

const rounds = 3;
const perSecond = 500;
const seconds = 3;
/** Callers that send without a pause, to see how many a second are taken at most. */
const callers = 64;
/** Connections to Postgres, as an API has them. */
const poolSize = 10;

export interface Batching {
  readonly name: 'written together' | 'one transaction each';
  /** ms, at an even pace. */
  readonly p99: number;
  /** Deliveries a second, without a pause. */
  readonly most: number;
}

/**
 * What it is worth that deliveries share a transaction: the door as it is beside the same statement for each delivery
 * alone, on as many connections, in this process and without HTTP, in turns. Nobody is woken and nothing is fetched.
 */
export async function batching({ rig, pages, key }: Agency): Promise<readonly Batching[]> {
  const { databaseUrl, vault, redis, connection } = rig;
  const db = openDatabase({ databaseUrl, applicationName: 'syncline bench door', poolSize, onError: console.error });
  // A queue of its own, which no worker looks into.
  const refetches = openRefetches(redis, `${rig.prefix}-nobody`, console.error);
  const log = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };
  const door = openWebhookDoor({ db, vault, connectors, refetches, log: log as never });
  const databaseId = rig.vendors[0]?.databaseId ?? '';
  let next = 0;
  const event = () => ({ eventId: randomUUID(), page: pages[next++ % pages.length] ?? '' });
  const together = async () => {
    const { body, headers } = letterOf({ key, databaseId }, event());
    await door.receive(notion, { connectionId: connection.id }, { headers, body: Buffer.from(body) });
  };
  const alone = async () => {
    const { eventId, page } = event();
    const signals = [{ entity: 'clients', vendorId: page }];
    const told = { type: 'page.properties_updated', sentAt: new Date(), signals, verifies: undefined };
    const { organizationId, id: connectionId } = connection;
    const delivery: NotedDelivery = { organizationId, connectionId, outcome: { kind: 'event', eventId, ...told } };
    await noteDeliveries(db, [delivery], 300);
  };
  const ways = [
    { name: 'written together', take: together },
    { name: 'one transaction each', take: alone },
  ] as const;
  const times = ways.map(() => ({ p99: [] as number[], most: [] as number[] }));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [i, { take }] of ways.entries()) {
        times[i]?.p99.push(percentile(await atAnEvenPace(take), 99));
        times[i]?.most.push(await atMost(take));
      }
    }
    return ways.map(({ name }, i) => {
      return { name, p99: median(times[i]?.p99 ?? []), most: median(times[i]?.most ?? []) };
    });
  } finally {
    await refetches.close();
    await db.destroy();
  }
}

async function atAnEvenPace(take: () => Promise<void>): Promise<number[]> {
  const startedAt = performance.now();
  const taking: Promise<number>[] = [];
  for (let i = 0; i < perSecond * seconds; i += 1) {
    const due = startedAt + (i * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await pause(wait);
    taking.push(take().then(() => performance.now() - due));
  }
  return Promise.all(taking);
}

async function atMost(take: () => Promise<void>): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let taken = 0;
  const caller = async () => {
    for (; performance.now() < until; taken += 1) await take();
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return taken / seconds;
}

/** The figures of a report. */
export function batchingFigures(ways: readonly Batching[]) {
  const [together, alone] = ways as readonly [Batching, Batching];
  return [
    ...ways.flatMap(({ name, p99, most }) => [
      { figure: `${name}: ${perSecond} a second, 99 %`, value: p99, unit: 'ms' },
      { figure: `${name}: at most, a second`, value: most, unit: 'deliveries' },
    ]),
    { figure: 'together / each alone: at most', value: together.most / alone.most, unit: 'ratio', target: 'above 1' },
  ];
}
