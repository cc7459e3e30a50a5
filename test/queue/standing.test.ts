import { randomUUID } from 'node:crypto';
import { finishQueue, nodeId, type Queues } from '@syncline/queue';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Hopeless, type Line, openLine } from './line.js';
import { openTenants, queueName, type Tenants } from './tenants.js';

let bed: TestBed;
let line: Line;
let queues: Queues;
let tenants: Tenants;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(() => {
  line = openLine(bed);
  queues = line.openQueues(queueName, finishQueue);
  tenants = openTenants(line, 5);
});
afterEach(() => line.close());

/** Takes the first job that waits, which sorts the others, and keeps the only slot. */
async function occupy(): Promise<void> {
  let taken = false;
  line.consume(queueName, ({ signal }) => {
    taken = true;
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'hand-back' }), { once: true });
    });
  });
  await eventually('the slot to be taken', () => taken);
}

/** Adds jobs one after the other, so that their order is certain. */
async function add(tenant: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(await tenants.add(tenant, 1));
  return ids;
}

const aheadOf = async (id: string) => {
  const { state, ahead } = await queues.standing(queueName, id);
  expect(state).toBe('waiting');
  return ahead;
};

describe('what stands before a job', () => {
  it('is what was there first, as long as nobody has looked at it', async () => {
    const ids = [...(await add('one', 2)), ...(await add('two', 1))];
    expect(await Promise.all(ids.map(aheadOf))).toEqual([0, 1, 2]);
  });

  it('is what its own tenant has before it, and as much of each other one', async () => {
    const [, ...flood] = await add('flood', 21);
    const others = await add('other', 3);
    await occupy();
    // The other has had nothing yet, so it is first each time.
    expect(await Promise.all(others.map(aheadOf))).toEqual([0, 2, 4]);
    expect(await Promise.all(flood.slice(0, 5).map(aheadOf))).toEqual([1, 3, 5, 6, 7]);
  });

  it('is everything in the old queue, for a job in line', async () => {
    await add('one', 1);
    const [id = ''] = await add('two', 1);
    await occupy();
    await line.add(queueName);
    const last = await line.add(queueName);
    expect(await aheadOf(last.syncJobId)).toBe(1);
    expect(await aheadOf(id)).toBe(2);
  });

  it('is nothing when it is not waiting', async () => {
    const syncJobId = randomUUID();
    await add('one', 1);
    await occupy();
    const plan = { syncJobId, organizationId: 'two', connector: 'shop', entities: ['orders'] };
    await line.flows.add({ ...plan, round: 1, startAt: new Date(Date.now() + 3_600_000) });
    const standing = (queue: string, step: string) => queues.standing(queue, nodeId(syncJobId, 1, step));
    expect(await standing(queueName, 'orders')).toEqual({ state: 'delayed', ahead: 0 });
    expect(await standing(finishQueue, 'finish')).toEqual({ state: 'waiting-children', ahead: 0 });
    expect(await standing(queueName, 'customers')).toEqual({ state: 'missing', ahead: 0 });
    expect(await standing('of-no-connector', 'orders')).toEqual({ state: 'missing', ahead: 0 });
    const [running] = (await queues.all[0]?.getActive()) ?? [];
    expect(await queues.standing(queueName, running?.id ?? '')).toEqual({ state: 'active', ahead: 0 });
  });

  it('is nothing when it has ended', async () => {
    const [good = '', bad = ''] = [...(await add('good', 1)), ...(await add('bad', 1))];
    line.consume(queueName, async (turn) => {
      if (turn.payload.organizationId === 'bad') throw new Hopeless('never');
      return tenants.handle(turn);
    });
    const ended = async (id: string, state: string) => {
      await eventually(`it to be ${state}`, async () => (await queues.standing(queueName, id)).state === state);
      expect(await queues.standing(queueName, id)).toEqual({ state, ahead: 0 });
    };
    await ended(good, 'completed');
    await ended(bad, 'failed');
  });
});
