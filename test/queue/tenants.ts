import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { entityQueue, nodeId, type Turn, type Verdict } from '@syncline/queue';
import type { Line } from './line.js';

export const queueName = entityQueue('shop', 'orders');

/** One turn of a job, with the pages that it has done so far. */
interface TakenTurn {
  readonly tenant: string;
  readonly syncJobId: string;
  pages: number;
}

/** Tenants whose jobs work through pages in one queue, and what came of it. */
export interface Tenants {
  /** Adds a job as a sync does. Gives the id of its node in the queue. */
  add(tenant: string, pages: number): Promise<string>;
  /** Handles turns: a page at a time, until its job is through or others should have the place. */
  readonly handle: (turn: Turn) => Promise<Verdict>;
  /** In the order in which they began. */
  readonly turns: readonly TakenTurn[];
  /** Whose pages were done, in order. */
  readonly pages: readonly string[];
}

/** @param pageMs how long a page takes: the vendor's time, in which the slot is taken */
export function openTenants(line: Line, pageMs: number): Tenants {
  const left = new Map<string, number>();
  const turns: TakenTurn[] = [];
  const pages: string[] = [];
  return {
    turns,
    pages,
    add: async (organizationId, count) => {
      const syncJobId = randomUUID();
      left.set(syncJobId, count);
      await line.flows.add({ syncJobId, organizationId, connector: 'shop', round: 1, entities: ['orders'] });
      return nodeId(syncJobId, 1, 'orders');
    },
    handle: async ({ payload, signal, othersWait }) => {
      const { syncJobId, organizationId: tenant = 'nobody' } = payload;
      const turn: TakenTurn = { tenant, syncJobId, pages: 0 };
      turns.push(turn);
      for (;;) {
        await pause(pageMs);
        const rest = (left.get(syncJobId) ?? 1) - 1;
        left.set(syncJobId, rest);
        turn.pages += 1;
        pages.push(tenant);
        if (rest <= 0) return { kind: 'done' };
        if (signal.aborted) return { kind: 'hand-back' };
        if (await othersWait()) return { kind: 'yield' };
      }
    },
  };
}
