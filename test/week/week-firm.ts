import { randomUUID } from 'node:crypto';
import { isSyncError } from '@syncline/connector-kit';
import { practicePanther } from '@syncline/connectors';
import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import {
  type EngineContext,
  ensureEnvironmentConnections,
  finishJob,
  lookAfter,
  nextRun,
  recoveryPolicy,
  runEntity,
  runSchedule,
} from '@syncline/engine';
import { createRoad, type Road } from '@syncline/http';
import { openSchedules, type Schedules, type Turn, type Verdict } from '@syncline/queue';
import { type Connection, type Db, ensureOrganization, liveJobIds, readRuns } from '@syncline/store';
import { pino } from 'pino';
import type { Delivery } from '../model/carrier.js';
import { breakGround, type Ground } from '../model/ground.js';
import { type SimulatedTime, simulateTime } from './simulated-time.js';

const connectors = [practicePanther];

/** A firm whose vendor, database and fleet live in a time that a test sets. */
export interface WeekFirm {
  readonly ground: Ground;
  readonly simulator: Simulator;
  readonly connection: Connection;
  readonly time: SimulatedTime;
  readonly schedules: Schedules;
  /** A schedule's job comes out of the queue. */
  fire(scheduleId: string): Promise<void>;
  /** A round of the reconciler. */
  lookAfter(): Promise<void>;
  /** Delivers the steps of the live job until it has ended; gives its id, undefined when there was none. */
  carryOut(): Promise<string | undefined>;
  /** The vendor is well again. */
  calm(): Promise<void>;
  close(): Promise<void>;
}

/** Steps that a job may take until its end: with all its retries, not many more than its entities. */
const mostSteps = 150;

export interface WeekFirmOptions extends SimulatorOptions {
  readonly startMs: number;
  /** Where in its intervals the connection has its turn: it is made of its id, which is chosen by this. */
  readonly spreadSeconds: number;
}

export async function foundFirm({ startMs, spreadSeconds, ...options }: WeekFirmOptions): Promise<WeekFirm> {
  const ground = await breakGround();
  const time = await simulateTime(ground.bed, startMs);
  const simulator = await startSimulator({ cacheBytes: 50_000_000, ...options });
  simulator.clock.stop(true);
  simulator.clock.set(startMs);
  const { redis, prefix, carrier } = ground;
  const newRoad = () =>
    createRoad({
      redis,
      keyPrefix: `${prefix}${randomUUID()}`,
      egressAllow: [new URL(simulator.url).host],
      bootId: randomUUID(),
    });
  let road: Road = newRoad();
  const schedules = openSchedules(redis, prefix, nextRun, () => undefined);
  const ctx: EngineContext = {
    ...{ db: ground.db, vault: ground.vault, flows: ground.flows, queues: ground.queues, recovery: ground.recovery },
    ...{
      refetches: ground.refetches,
      verifications: ground.verifications,
      deadLetters: ground.deadLetters,
      schedules,
      connectors,
      bootId: randomUUID(),
    },
    log: pino({ level: 'silent' }),
    // What failed is settled by the next syncs alone.
    recoveryPolicy: recoveryPolicy(8 * 86_400),
    road: {
      ...road,
      // Pauses as short as can be: a vendor out of order is the subject, not how it is waited for.
      open: (lane) =>
        road.open({
          ...lane,
          circuit: { ...lane.circuit, resetSeconds: 0.001 },
          retry: { tries: 2, baseMs: 1 },
        }),
    },
  };
  await chooseId(ground.bed.db, spreadSeconds);
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const { connections } = await ensureEnvironmentConnections(ctx, {
    ...{ PP_CLIENT_ID: clientId, PP_CLIENT_SECRET: clientSecret, PP_REFRESH_TOKEN: refreshToken },
    ...{ PP_BASE_URL: simulator.url, PP_RATE_LIMIT_REQUESTS: 1_000_000 },
  });
  const [connection] = connections;
  if (connection === undefined) throw new Error('the environment makes no connection');

  /** What the road knows of a vendor's pauses is real time, which does not pass here. */
  const forgetPauses = async () => {
    await road.close();
    road = newRoad();
  };
  const step = async (from: number) => {
    const delivery = await carrier.next(from);
    if (delivery !== undefined && (await deliver(ctx, delivery)) === 'rest') await forgetPauses();
    return delivery;
  };
  return {
    ...{ ground, simulator, connection, time, schedules },
    fire: (scheduleId) => runSchedule(ctx, scheduleId),
    lookAfter: () => lookAfter(ctx, 0),
    carryOut: async () => {
      const [jobId] = await liveJobIds(ground.bed.db, connection.organizationId);
      if (jobId === undefined) return undefined;
      const order = practicePanther.entities.map(({ name }) => name);
      const places = (await readRuns(ground.bed.db, jobId)).map(({ entity }) => order.indexOf(entity));
      places.push(order.length);
      for (let steps = 0; steps < mostSteps; steps += 1) {
        const delivery = await step(places[Math.min(steps, places.length - 1)] ?? 0);
        if (delivery === undefined) await lookAfter(ctx, 0);
        const ended = delivery?.payload.entity === undefined;
        if (ended && !(await liveJobIds(ground.bed.db, connection.organizationId)).includes(jobId)) return jobId;
      }
      throw new Error(`job ${jobId} does not end`);
    },
    calm: async () => {
      simulator.faults.clear();
      await forgetPauses();
    },
    close: async () => {
      time.end();
      await schedules.close();
      await road.close();
      await simulator.close();
      await ground.close();
    },
  };
}

/** Makes the connection of the environment beforehand, under an id whose share of a day is so many seconds. */
async function chooseId(db: Db, spreadSeconds: number): Promise<void> {
  const organizationId = await ensureOrganization(db, 'default', 'Default organization');
  const digits = spreadSeconds.toString(16).padStart(12, '0');
  const id = `${digits.slice(0, 8)}-${digits.slice(8)}-4000-8000-000000000001`;
  const row = {
    id,
    organization_id: organizationId,
    connector: practicePanther.id,
    name: 'environment',
    settings: '{}',
  };
  await db.insertInto('connections').values(row).execute();
}

/** What a worker does with a step that it has taken out of its queue. */
async function deliver(ctx: EngineContext, delivery: Delivery): Promise<Verdict['kind'] | 'failed'> {
  const { payload } = delivery;
  const turn: Turn = { payload, failures: 0, signal: new AbortController().signal, othersWait: async () => false };
  try {
    const verdict = await (payload.entity === undefined ? finishJob : runEntity)(ctx, turn);
    await delivery.settle({ verdict });
    return verdict.kind;
  } catch (error) {
    await delivery.settle({ error });
    if (!isSyncError(error)) throw error;
    return 'failed';
  }
}
