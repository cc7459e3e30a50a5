import type { RedisClient } from './redis/open-redis.js';
import { Script } from './script.js';

/** BullMQ's priority of jobs among which tenants take turns. Jobs without one go before them all. */
export const inTurn = 1;

/** How long Redis may take to say whose turn it is, in ms. Without an answer a job just goes on. */
const patienceMs = 1_000;

/** A running job asks no more often than that, in ms, however fast its pages come. */
const askEveryMs = 100;

/** The answer that ends a turn. */
const promised = 2;

const turns = new Script('turns');
const standing = new Script('standing');

/** A job's claim to a slot. What Redis says to it is a hint: without Redis, or with its keys lost, jobs run all the same. */
export interface Place {
  /** Whether the job may begin. If not, one that has waited for longer was called, and this one has to go back. */
  begin(): Promise<boolean>;
  /** To be asked between pages. Once true, the place is promised to somebody else. */
  othersWait(): Promise<boolean>;
  /** To be called before the job leaves its slot, so that the right one comes next. */
  finish(): Promise<void>;
}

export interface PlaceOptions {
  readonly connection: RedisClient;
  readonly prefix: string;
  readonly queue: string;
  readonly jobId: string;
  readonly data: unknown;
  readonly onError: (error: Error) => void;
}

/** Lets tenants take turns in a queue; see turns.lua for how. */
export function claimPlace(options: PlaceOptions): Place {
  const { connection, prefix, queue, jobId } = options;
  const keys = keysOf(prefix, queue);
  const begunAt = performance.now();
  let toldAt = begunAt;
  let askedAt = begunAt;
  let contendedMs = 0;
  let answer = 0;

  /** Tells Redis of the time since it was last told, and what is done now. */
  const tell = async (action: 'begin' | 'ask' | 'finish', otherwise: number): Promise<number> => {
    const now = performance.now();
    if (answer > 0) contendedMs += now - toldAt;
    const args = [action, `${prefix}:${queue}:`, jobId, tenantOf(options.data), now - toldAt, now - begunAt];
    toldAt = now;
    const said = turns.run(connection, keys, [...args, contendedMs]).catch((error: Error) => {
      options.onError(error);
      return otherwise;
    });
    return Number(await withinPatience(said, otherwise));
  };
  return {
    begin: async () => (await tell('begin', 1)) === 1,
    othersWait: async () => {
      if (answer < promised && performance.now() - askedAt >= askEveryMs) {
        askedAt = performance.now();
        answer = await tell('ask', 0);
      }
      return answer === promised;
    },
    finish: async () => void (await tell('finish', 0)),
  };
}

/**
 * How many jobs go before this one, by what is known now; undefined when it does not wait. Rejects when Redis is away.
 */
export async function jobsBefore(
  connection: RedisClient,
  prefix: string,
  queue: string,
  id: string,
): Promise<number | undefined> {
  const keys = keysOf(prefix, queue);
  const before = await standing.run(connection, [keys[0], keys[1], keys[7], keys[8]], [id]);
  return typeof before === 'number' ? before : undefined;
}

/** What the scripts work on, in the order in which turns.lua names it. */
export function keysOf(prefix: string, queue: string) {
  const key = (name: string) => `${prefix}:${queue}:${name}`;
  return [
    key('prioritized'),
    key('wait'),
    key('delayed'),
    key('pc'),
    key('events'),
    key('marker'),
    key('turns:accounts'),
    key('turns:line'),
    key('turns:numbers'),
    key('turns:places'),
  ] as const;
}

/** As turns.lua reads it. Jobs of older releases name no tenant and share one account. */
function tenantOf(data: unknown): string {
  const named = (data as { organizationId?: unknown } | null)?.organizationId;
  return typeof named === 'string' ? named : '';
}

function withinPatience<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), patienceMs);
    void answer.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
