import { randomUUID } from 'node:crypto';

import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { type EngineContext, recoveryPolicy, testConnection } from '@syncline/engine';
import { createRoad, type Road } from '@syncline/http';
import { type Connection, ensureConnection, ensureOrganization } from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { pino } from 'pino';
import type { Carrier } from './carrier.js';
import { firmConnector } from './firm-entities.js';
import type { Ground } from './ground.js';
import { observeSessions } from './sessions.js';
import { type Actor, Stage } from './stage.js';
import { steppedDb } from './stepped-db.js';

export const overlapSeconds = 60;
const day = 86_400_000;

/** A firm at a simulated PracticePanther and an engine in this process that syncs it, whose every move a test decides. */
export interface Town {
  readonly bed: TestBed;
  readonly stage: Stage;
  readonly simulator: Simulator;
  readonly carrier: Carrier;
  readonly connection: Connection;
  /** The flows that were laid out: job and round. */
  readonly laid: readonly string[];
  /** The engine as a process of that boot id has it; everything it does is a step of the actor. */
  engine(actor: Actor, bootId?: string): EngineContext;
  /** Changes the connection's settings. */
  configure(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Forgets all that was queued, and the budget, as a Redis does that was emptied. */
  flush(): Promise<void>;
  /** Time heals: pauses that the vendor asked for are over. */
  newRoad(): Promise<void>;
  close(): Promise<void>;
}

/** Settles a new town on ground that others may have left. */
export async function settleTown(ground: Ground, options: SimulatorOptions): Promise<Town> {
  const { bed, redis, prefix, vault, flows, queues, recovery, refetches, verifications, deadLetters } = ground;
  await ground.wipe();
  const simulator = await startSimulator({ tokenLifeSeconds: 3_000_000_000, cacheBytes: 1_000_000, ...options });
  // A month behind ours: whoever takes our clock for the vendor's is far off.
  simulator.clock.stop(true);
  simulator.clock.set(Math.floor(Date.now() / 1000) * 1000 - 30 * day);
  const newRoad = () =>
    createRoad({
      redis,
      keyPrefix: `${prefix}${randomUUID()}`,
      egressAllow: [new URL(simulator.url).host],
      bootId: randomUUID(),
    });
  let road: Road = newRoad();
  const stage = new Stage(observeSessions(bed.db));
  const organizationId = await ensureOrganization(bed.db, 'town', 'A town');
  const settings = {
    baseUrl: simulator.url,
    pageSize: 5,
    overlapSeconds,
    lookBackDays: 365,
    // The brake is another test's subject, until somebody pulls it.
    sweepMaxRows: 1_000,
    rateLimitRequests: 1_000_000,
  };
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const credentials = { clientId, clientSecret, refreshToken };
  const given = { organizationId, connector: firmConnector.id, name: 'town', settings, credentials };
  const connection = await ensureConnection(bed.db, vault, given);
  const log = pino({ level: 'silent' });
  const laid: string[] = [];
  const shared = {
    ...{ vault, flows, queues, recovery, refetches, verifications, deadLetters, log },
    connectors: [firmConnector],
    // Later than any life here ends: what failed is settled by the syncs alone.
    recoveryPolicy: recoveryPolicy(86_400),
  };
  const engine: Town['engine'] = (actor, bootId = randomUUID()) => ({
    ...shared,
    bootId,
    db: steppedDb(ground.db, stage, actor),
    road: {
      ...road,
      open: (lane) => {
        // Pauses as short as can be: what waits for them is not the subject here.
        const circuit = { ...lane.circuit, resetSeconds: 0.001 };
        const send = road.open({ ...lane, circuit, retry: { tries: 2, baseMs: 1 } });
        return (request) => stage.step(actor, `${request.method} ${request.url}`, () => send(request));
      },
    },
    flows: {
      ...flows,
      add: (plan) =>
        stage.step(actor, 'add flow', () => {
          laid.push(`${plan.syncJobId} ${plan.round}`);
          return flows.add(plan);
        }),
    },
    queues: {
      ...queues,
      holdsAll: (nodes) => stage.step(actor, 'queue states', () => queues.holdsAll(nodes)),
    },
    deadLetters: {
      ...deadLetters,
      add: (letter) => stage.step(actor, 'add letter', () => deadLetters.add(letter)),
      countFailed: () => stage.step(actor, 'count letters', () => deadLetters.countFailed()),
    },
  });
  // Tokens are here before anything goes wrong: dying between a rotation and its storing is another test's subject.
  const test = await testConnection({ ...shared, db: ground.db, road, bootId: randomUUID() }, connection, 30_000);
  if (!test.ok) throw test.error;
  return {
    bed,
    stage,
    simulator,
    carrier: ground.carrier,
    connection,
    laid,
    engine,
    configure: async (change) => {
      await bed.db
        .updateTable('connections')
        .set({ settings: JSON.stringify({ ...settings, ...change }) })
        .where('id', '=', connection.id)
        .execute();
    },
    flush: ground.flush,
    newRoad: async () => {
      await road.close();
      road = newRoad();
    },
    close: async () => {
      await road.close();
      await simulator.close();
    },
  };
}
