import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import type { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Line, openLine } from './line.js';
import { openTenants, queueName, type Tenants } from './tenants.js';

let bed: TestBed;
const lines: Line[] = [];
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(async () => {
  await Promise.all(lines.map((line) => line.close()));
  await bed.close();
});

/** A queue of its own for each test, so that they can wait at the same time. */
function open(pageMs: number) {
  const line = openLine(bed);
  lines.push(line);
  return { line, queue: line.openQueues(queueName).all[0] as Queue, tenants: openTenants(line, pageMs) };
}

const endless = 1_000_000;
const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));
const countOf = (pages: readonly string[], tenant: string) => pages.filter((page) => page === tenant).length;
const hasBegun = ({ turns }: Tenants, name: string) => turns.some(({ tenant }) => tenant === name);

/** How often jobs were taken from the queue, also only to find that it was not their turn. */
async function startsOf(queue: Queue, ids: readonly string[]): Promise<number> {
  const jobs = await Promise.all(ids.map((id) => queue.getJob(id)));
  return jobs.reduce((sum, job) => sum + (job?.attemptsStarted ?? 0), 0);
}

describe.concurrent('a tenant that floods a queue', () => {
  it('delays the first page of another by no more than two of its own', async () => {
    const slots = 2;
    const { line, tenants } = open(120);
    await times(20, () => tenants.add('flood', endless));
    line.consume(queueName, tenants.handle, slots);
    await eventually('the flood to be under way', () => tenants.pages.length >= 3 * slots);
    const before = tenants.pages.length;
    await tenants.add('newcomer', 3);
    await eventually('the newcomer to begin', () => hasBegun(tenants, 'newcomer'));
    expect(tenants.pages.length - before).toBeLessThanOrEqual(2 * slots);
    await eventually('the newcomer to be through', () => countOf(tenants.pages, 'newcomer') === 3);
  });

  it('that was there first does not keep others waiting behind it either', async () => {
    const { line, tenants } = open(20);
    await times(20, () => tenants.add('flood', 3));
    await times(2, () => tenants.add('other', 3));
    line.consume(queueName, tenants.handle, 2);
    await eventually('the other to be through', () => countOf(tenants.pages, 'other') === 6);
    expect(tenants.turns.slice(0, 2).map(({ tenant }) => tenant)).toEqual(['flood', 'other']);
    await eventually('the flood to be through', () => countOf(tenants.pages, 'flood') === 60);
  });

  it('gets no more than another that has as much to do, and no less', async () => {
    const { line, tenants } = open(40);
    await times(20, () => tenants.add('flood', endless));
    line.consume(queueName, tenants.handle, 2);
    await eventually('the flood to be under way', () => tenants.pages.length >= 10);
    await times(20, () => tenants.add('other', endless));
    await eventually('the other to begin', () => tenants.pages.includes('other'));
    const begun = tenants.pages.length;
    await eventually('some work to be done', () => tenants.pages.length >= begun + 150);
    const share = countOf(tenants.pages.slice(begun), 'flood') / (tenants.pages.length - begun);
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
  });

  it('need not stand back for what it had while nobody else wanted it', async () => {
    const { line, tenants } = open(40);
    line.consume(queueName, tenants.handle, 3);
    await times(20, () => tenants.add('flood', endless));
    await eventually('the flood to have had all for a while', () => tenants.pages.length >= 180);
    const others = ['one', 'two', 'three'];
    await Promise.all(others.map((name) => tenants.add(name, endless)));
    await eventually('the others to begin', () => others.every((name) => hasBegun(tenants, name)));
    const begun = tenants.pages.length;
    await eventually('some work to be done', () => tenants.pages.length >= begun + 180);
    expect(countOf(tenants.pages.slice(begun, begun + 180), 'flood')).toBeGreaterThan(15);
  });

  it('has all slots when nobody else wants one, and keeps its turns', async () => {
    const { line, tenants } = open(20);
    await times(3, () => tenants.add('alone', 60));
    line.consume(queueName, tenants.handle, 2);
    await eventually('all to be done', () => tenants.pages.length === 180);
    expect(tenants.turns.map(({ pages }) => pages)).toEqual([60, 60, 60]);
  });
});

describe.concurrent('two tenants and one slot', () => {
  it('alternate, and do not push each other out without having worked', async () => {
    const { line, queue, tenants } = open(40);
    const ids = [await tenants.add('one', endless), await tenants.add('two', endless)];
    line.consume(queueName, tenants.handle);
    await eventually('four turns', () => tenants.turns.length >= 4);
    expect(tenants.turns.slice(0, 4).map(({ tenant }) => tenant)).toEqual(['one', 'two', 'one', 'two']);
    for (const { pages } of tenants.turns.slice(0, 3)) expect(pages).toBeGreaterThan(5);
    expect(await startsOf(queue, ids)).toBeLessThanOrEqual(tenants.turns.length + 1);
  });
});

describe.concurrent('a job whose rest is over', () => {
  it('gets its turn although no slot is free and nobody looks for jobs', async () => {
    const { line, tenants } = open(50);
    let rested = false;
    line.consume(queueName, async (turn) => {
      if (turn.payload.organizationId !== 'resting' || rested) return tenants.handle(turn);
      rested = true;
      return { kind: 'rest', until: new Date(Date.now() + 500) };
    });
    await tenants.add('resting', 2);
    await eventually('the rest', () => rested);
    await tenants.add('busy', endless);
    await eventually('the other to be under way', () => tenants.pages.length > 0);
    await eventually('the rested job to be through', () => countOf(tenants.pages, 'resting') === 2);
  });
});

describe.concurrent('jobs of an older release, that name no tenant and have no priority', () => {
  it('run, between those that do', async () => {
    const { line, queue, tenants } = open(30);
    await tenants.add('flood', endless);
    line.consume(queueName, tenants.handle);
    await eventually('the flood to be under way', () => tenants.pages.length >= 3);
    const old = await times(4, () => line.add(queueName));
    await eventually('them to have begun', () => old.every(({ syncJobId: id }) => begun(tenants, id)));
    const done = tenants.pages.length;
    await eventually('the flood to go on', () => countOf(tenants.pages.slice(done), 'flood') > 0);
    // One that gives way is not put before everybody else again.
    expect(
      await startsOf(
        queue,
        old.map(({ syncJobId }) => syncJobId),
      ),
    ).toBeLessThanOrEqual(12);
  });

  const begun = ({ turns }: Tenants, id: string) => turns.some(({ syncJobId }) => syncJobId === id);
});

describe.concurrent('hints that are lost', () => {
  it('cost nobody a turn', async () => {
    const { line, tenants } = open(10);
    let proceed: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => (proceed = resolve));
    let lookAround: () => Promise<unknown> = async () => undefined;
    line.consume(queueName, async (turn) => {
      lookAround = turn.othersWait;
      await holding;
      return tenants.handle(turn);
    });
    await times(10, () => tenants.add('flood', 1));
    const patient = await tenants.add('patient', 1);
    await eventually('the other to be in line', async () => {
      await lookAround();
      return Number(await line.redis.zscore(`${line.prefix}:${queueName}:prioritized`, patient)) >= 2 ** 33;
    });
    const hints = await line.redis.keys(`${line.prefix}:${queueName}:turns:*`);
    expect(hints.length).toBeGreaterThan(2);
    await line.redis.unlink(...hints);
    proceed();
    await eventually('all to be through', () => tenants.pages.length === 11);
    expect(tenants.turns.slice(0, 3).map(({ tenant }) => tenant)).toContain('patient');
  });

  it('are given up by themselves', async () => {
    const { line, queue, tenants } = open(10);
    line.consume(queueName, tenants.handle);
    await tenants.add('one', 2);
    await tenants.add('two', 2);
    await eventually('both to be through', () => tenants.pages.length === 4);
    await eventually('both to have left', async () => (await queue.getJobCounts('completed'))['completed'] === 2);
    for (const key of await line.redis.keys(`${line.prefix}:${queueName}:turns:*`)) {
      expect(await line.redis.pttl(key)).toBeGreaterThan(0);
    }
  });
});

describe.concurrent('a worker that is killed in the middle of a turn', () => {
  it('costs its tenant neither the turn nor others theirs', async () => {
    const { line, queue, tenants } = open(40);
    const script = `
      import { consume, openRedis } from '@syncline/queue';
      const [redisUrl, prefix, queue] = process.argv.slice(1);
      const connection = openRedis({ redisUrl, failFast: false, onError: () => undefined });
      const handle = () => new Promise(() => process.stdout.write('begun'));
      consume({ queue, connection, prefix, concurrency: 1, lockSeconds: 4, handle, isFinal: () => false, onError: () => undefined });`;
    const args = ['--input-type=module', '-e', script, bed.redisUrl, line.prefix, queueName];
    const worker = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
    const cut = await tenants.add('cut off', 5);
    await once(worker.stdout, 'data');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await times(10, () => tenants.add('flood', endless));
    line.consume(queueName, tenants.handle);
    await eventually('the flood to be under way', () => tenants.pages.length > 0);
    expect(await queue.getJobState(cut)).toBe('active');
    await eventually('the job to be through', () => countOf(tenants.pages, 'cut off') === 5);
    const done = tenants.pages.length;
    await eventually('the flood to go on', () => countOf(tenants.pages.slice(done), 'flood') > 0);
  });
});
