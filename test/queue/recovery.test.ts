import { randomUUID } from 'node:crypto';
import { consumeRecovery, openRecovery, recoveryQueue, type Verdict, type WakeUps } from '@syncline/queue';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import type { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Line, openLine } from './line.js';

let bed: TestBed;
let line: Line;
let recovery: WakeUps;
let queue: Queue;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(() => {
  line = openLine(bed);
  recovery = line.closes(openRecovery(line.redis, line.prefix, () => undefined));
  queue = line.openQueues(recoveryQueue).all[0] as Queue;
});
afterEach(() => line.close());

const target = { organizationId: randomUUID(), connectionId: randomUUID(), connector: 'shop', entity: 'orders' };

function worker(handle: () => Promise<Verdict>) {
  let turns = 0;
  line.closes(
    consumeRecovery({
      ...{ connection: line.redis, prefix: line.prefix, concurrency: 2, isFinal: () => true, onError: () => undefined },
      handle: () => {
        turns += 1;
        return handle();
      },
    }),
  );
  return () => turns;
}
const held = () => queue.getJobCountByTypes();

describe('an entity that is woken', () => {
  it('waits once, however often it is woken, beside others', async () => {
    await Promise.all(Array.from({ length: 10 }, () => recovery.wake(target)));
    await recovery.wake({ ...target, entity: 'customers' });
    await recovery.wake({ ...target, entity: '' });
    expect(await held()).toBe(3);
    expect((await queue.getPrioritized()).map(({ data }) => data)).toContainEqual({ v: 1, ...target });
  });

  it('is not worked on twice at a time, and leaves nothing behind', async () => {
    let end: () => void = () => undefined;
    const turns = worker(() => new Promise((resolve) => (end = () => resolve({ kind: 'done' }))));
    await recovery.wake(target);
    await eventually('the turn to begin', () => turns() === 1);
    await recovery.wake(target);
    expect(await held()).toBe(1);
    end();
    await eventually('nothing to be left', async () => (await held()) === 0);
    expect(turns()).toBe(1);
    await recovery.wake(target);
    await eventually('another turn', () => turns() === 2);
    end();
  });

  it('that rests is only called back in a hurry', async () => {
    const turns = worker(async () => ({ kind: 'rest', until: new Date(Date.now() + 3_600_000) }));
    await recovery.wake(target);
    const resting = () => eventually('it to rest', async () => (await queue.getDelayedCount()) === 1);
    await resting();
    await recovery.wake(target);
    expect(turns()).toBe(1);
    await recovery.wake(target, { hurry: true });
    await eventually('another turn', () => turns() === 2);
    await resting();
  });

  it('leaves nothing behind when it fails either: what is due stands in Postgres', async () => {
    const turns = worker(async () => {
      throw new Error('a bug');
    });
    await recovery.wake(target);
    await eventually('nothing to be left', async () => turns() === 1 && (await held()) === 0);
  });
});
