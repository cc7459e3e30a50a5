import { z } from 'zod';
import { type FaultBoard, faultSchema } from '../faults/fault-board.js';
import { type HoldBoard, holdSchema } from '../faults/hold-board.js';
import { json, Refusal } from '../http/reply.js';
import type { ControlRoute } from './control-route.js';

const releaseSchema = z.strictObject({ id: z.int().optional(), keep: z.boolean().optional() }).default({});

/** Faults and holds: breaking requests, and stopping them at a known point. */
export const faultRoutes: readonly ControlRoute<{ readonly faults: FaultBoard; readonly holds: HoldBoard }>[] = [
  {
    method: 'GET',
    pattern: /^faults$/,
    handle: ({ simulator }) => json(simulator.faults.report()),
  },
  {
    method: 'POST',
    pattern: /^faults$/,
    handle: ({ simulator, body }) => json({ id: simulator.faults.add(faultSchema.parse(body)) }, 201),
  },
  {
    method: 'DELETE',
    pattern: /^faults(?:\/(\d+))?$/,
    handle: ({ simulator, params: [id] }) => {
      simulator.faults.clear(id === undefined ? undefined : Number(id));
      return json({ faults: simulator.faults.report() });
    },
  },
  {
    method: 'POST',
    pattern: /^hold$/,
    handle: ({ simulator, body }) => json({ id: simulator.holds.add(holdSchema.parse(body ?? {})) }, 201),
  },
  {
    method: 'POST',
    pattern: /^release$/,
    handle: ({ simulator, body }) => json({ released: simulator.holds.release(releaseSchema.parse(body)) }),
  },
  {
    method: 'GET',
    pattern: /^holds$/,
    handle: ({ simulator }) => json(simulator.holds.report()),
  },
  {
    method: 'GET',
    pattern: /^holds\/(\d+)$/,
    handle: async ({ simulator, params: [id], query, departure }) => {
      const patience = AbortSignal.timeout(Number(query.get('timeoutSeconds') ?? 10) * 1000);
      const held = Number(query.get('held') ?? 1);
      await simulator.holds.untilHeld(Number(id), held, AbortSignal.any([patience, departure.signal])).catch(() => {
        throw new Refusal(408, { error: `Hold ${id} did not get hold of ${held} requests in time.` });
      });
      return json(simulator.holds.report().find((hold) => hold.id === Number(id)) ?? null);
    },
  },
];
