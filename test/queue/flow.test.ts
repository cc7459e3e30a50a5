import { randomUUID } from 'node:crypto';
import { entityQueue, type FlowPlan, finishQueue, nodeId, type Queues } from '@syncline/queue';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Hopeless, type Line, openLine } from './line.js';

let bed: TestBed;
let line: Line;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(() => {
  line = openLine(bed);
});
afterEach(() => line.close());

const entities = ['customers', 'orders', 'payments'];
const queueNames = [...entities.map((entity) => entityQueue('shop', entity)), finishQueue];
const planOf = (over: Partial<FlowPlan> = {}): FlowPlan => ({
  syncJobId: randomUUID(),
  organizationId: randomUUID(),
  connector: 'shop',
  round: 1,
  entities,
  ...over,
});
const nodesOf = ({ syncJobId, round }: FlowPlan) => [
  ...entities.map((entity) => ({ queue: entityQueue('shop', entity), id: nodeId(syncJobId, round, entity) })),
  { queue: finishQueue, id: nodeId(syncJobId, round, 'finish') },
];
const stateOf = async (queues: Queues, { queue, id }: { queue: string; id: string }) =>
  queues.all.find(({ name }) => name === queue)?.getJobState(id);

/** Consumers for every queue, which note what they are given. */
function work(fails: readonly string[] = []): string[] {
  const seen: string[] = [];
  for (const queue of queueNames) {
    line.consume(queue, async ({ payload }) => {
      seen.push(payload.entity ?? 'finish');
      if (fails.includes(payload.entity ?? 'finish')) throw new Hopeless('it broke');
      return { kind: 'done', result: { rows: 3 } };
    });
  }
  return seen;
}

describe('a flow', () => {
  it('runs its steps one after the other, and the finish step last', async () => {
    const seen = work();
    await line.flows.add(planOf());
    await eventually('the flow to end', () => seen.includes('finish'));
    expect(seen).toEqual([...entities, 'finish']);
  });

  it('goes on when a step has failed for good, to its very end', async () => {
    const queues = line.openQueues(...queueNames);
    const plan = planOf();
    const seen = work(['customers', 'payments']);
    await line.flows.add(plan);
    await eventually('the flow to end', () => seen.includes('finish'));
    expect(seen).toEqual([...entities, 'finish']);
    const [customers, orders, payments, finish] = nodesOf(plan);
    if (!customers || !orders || !payments || !finish) throw new Error('no nodes');
    // What failed stays, to be looked at and retried.
    expect(await stateOf(queues, customers)).toBe('failed');
    expect(await stateOf(queues, payments)).toBe('failed');
    await eventually('the finish step to be through', async () => (await stateOf(queues, finish)) === 'completed');
    expect(await stateOf(queues, orders)).toBe('completed');
  });

  it('carries ids and nothing else', async () => {
    const queues = line.openQueues(...queueNames);
    const plan = planOf();
    await line.flows.add(plan);
    const { syncJobId, organizationId } = plan;
    const head = { v: 1, syncJobId, organizationId, connector: 'shop' };
    for (const [i, { queue, id }] of nodesOf(plan).entries()) {
      const job = await queues.all.find(({ name }) => name === queue)?.getJob(id);
      expect(job?.data).toEqual(i < entities.length ? { ...head, entity: entities[i] } : head);
    }
  });

  it('of another round does not meet the nodes of the one before', async () => {
    const plan = planOf();
    await line.flows.add(plan);
    await line.flows.add({ ...plan, round: 2 });
    const seen = work();
    await eventually('both flows to end', () => seen.filter((step) => step === 'finish').length === 2);
    expect(seen.toSorted()).toEqual([...entities, ...entities, 'finish', 'finish'].toSorted());
  });
});

describe('the nodes of a flow', () => {
  it('are held from when it is added until the first of them is through', async () => {
    const queues = line.openQueues(...queueNames);
    const plan = planOf();
    expect(await queues.holdsAll(nodesOf(plan))).toBe(false);
    await line.flows.add(plan);
    expect(await queues.holdsAll(nodesOf(plan))).toBe(true);
    expect(await queues.holdsAll(nodesOf({ ...plan, round: 2 }))).toBe(false);
    expect(await queues.holdsAll([...nodesOf(plan), { queue: 'unknown', id: 'x' }])).toBe(false);
    const seen = work();
    await eventually('the flow to end', () => seen.includes('finish'));
    expect(await queues.holdsAll(nodesOf(plan))).toBe(false);
  });

  it('are not held where one has failed', async () => {
    const queues = line.openQueues(...queueNames);
    const plan = planOf();
    await line.flows.add(plan);
    const [customers, ...rest] = nodesOf(plan);
    if (customers === undefined) throw new Error('no nodes');
    const consumer = line.consume(customers.queue, async () => {
      throw new Hopeless('it broke');
    });
    await eventually('the step to fail', async () => (await stateOf(queues, customers)) === 'failed');
    await consumer.stop();
    expect(await queues.holdsAll([customers, ...rest])).toBe(false);
    expect(await queues.holdsAll(rest)).toBe(true);
  });
});
