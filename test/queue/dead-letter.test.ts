import { randomUUID } from 'node:crypto';
import {
  consumeDeadLetters,
  type DeadLetter,
  type DeadLetters,
  deadLetterQueue,
  openDeadLetters,
} from '@syncline/queue';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import type { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Line, openLine } from './line.js';

let bed: TestBed;
let line: Line;
let letters: DeadLetters;
let queue: Queue;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(() => {
  line = openLine(bed);
  letters = line.closes(openDeadLetters(line.redis, line.prefix, () => undefined));
  queue = line.openQueues(deadLetterQueue).all[0] as Queue;
});
afterEach(() => line.close());

const about = (itemId: string = randomUUID()): DeadLetter => ({ kind: 'item', itemId, claim: randomUUID() });

/** Reads letters as told, and keeps what it has read. */
function reader(handle: (letter: DeadLetter, failures: number) => Promise<void>) {
  const turns: { letter: DeadLetter; failures: number }[] = [];
  const consumer = consumeDeadLetters({
    ...{ connection: line.redis, prefix: line.prefix, concurrency: 1, isFinal: () => true, onError: () => undefined },
    handle: async ({
      payload: { v: _, ...letter },
      failures,
    }: {
      payload: DeadLetter & { v?: number };
      failures: number;
    }) => {
      turns.push({ letter: letter as DeadLetter, failures });
      await handle(letter as DeadLetter, failures);
      return { kind: 'done' };
    },
  });
  line.closes(consumer);
  return turns;
}
const failOnce = async (_: DeadLetter, failures: number) => {
  if (failures === 0) throw new Error('dead, on purpose');
};
const failed = (count: number) => eventually(`${count} failed`, async () => (await letters.countFailed()) === count);

describe('a dead letter', () => {
  it('whose job fails stays, with its reason, and comes again when it is retried; then it is gone', async () => {
    const letter = about();
    await letters.add(letter);
    const turns = reader(failOnce);
    await failed(1);
    const [job] = await queue.getFailed();
    expect(job).toMatchObject({ failedReason: 'dead, on purpose', attemptsMade: 1, data: { v: 1, ...letter } });
    await job?.retry('failed');
    await eventually('it to be gone', async () => (await queue.getJobCounts()).failed === 0 && turns.length === 2);
    expect(turns).toEqual([
      { letter, failures: 0 },
      { letter, failures: 1 },
    ]);
    await eventually('nothing to be left', async () => (await queue.getJob(String(job?.id))) === undefined);
  });

  it('about the same thing is one, however often it is sent', async () => {
    const itemId = randomUUID();
    const first = about(itemId);
    await letters.add(first);
    await Promise.all(Array.from({ length: 10 }, () => letters.add(about(itemId))));
    expect(await queue.getJobCountByTypes('waiting')).toBe(1);
    const turns = reader(failOnce);
    await failed(1);
    expect(turns).toEqual([{ letter: first, failures: 0 }]);
  });

  it('replaces one that lies there as failed: the new one is not taken for its retry', async () => {
    const itemId = randomUUID();
    await letters.add(about(itemId));
    const turns = reader(failOnce);
    await failed(1);
    const second = about(itemId);
    await letters.add(second);
    await eventually('the second to be read', () => turns.length === 2);
    await failed(1);
    expect(turns[1]).toEqual({ letter: second, failures: 0 });
  });

  it('can be listed and taken away', async () => {
    const sent = [about(), about(), about()];
    for (const letter of sent) await letters.add(letter);
    reader(failOnce);
    await failed(3);
    const filed = await letters.listFailed(0, 10);
    expect(filed.map(({ letter }) => letter)).toEqual(
      expect.arrayContaining(sent.map((letter) => expect.objectContaining(letter))),
    );
    expect(await letters.listFailed(1, 1)).toHaveLength(1);
    await letters.remove(filed[0]?.id ?? '');
    expect(await letters.countFailed()).toBe(2);
  });

  it('carries ids and a short reason, nothing else', async () => {
    const syncJobId = randomUUID();
    const given = { kind: 'job', syncJobId, code: 'JOB_STALE', message: `x${'😀'.repeat(400)}`, record: 'S3CRET' };
    await letters.add(given as DeadLetter);
    const [job] = await queue.getWaiting();
    expect(Object.keys(job?.data)).toEqual(['v', 'kind', 'syncJobId', 'code', 'message']);
    expect(job?.data.message.length).toBe(500);
    expect(job?.data.message.isWellFormed()).toBe(true);
    await expect(letters.add({ kind: 'item', itemId: 'all of them', claim: 'x' })).rejects.toThrow();
  });

  it('of another release is parked, unread', async () => {
    await queue.add('item', { v: 2, ...about() });
    const turns = reader(failOnce);
    await failed(1);
    expect((await queue.getFailed())[0]?.failedReason).toMatch(/queued by another release/);
    expect(turns).toEqual([]);
    expect((await letters.listFailed(0, 1))[0]?.letter).toBeUndefined();
  });
});
