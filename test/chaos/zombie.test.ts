import { eventually, type ServiceProcess, strikeEnvironment, strikeMark } from '@syncline/testing';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createRoughFirm, slowDown } from './rough-times.js';

// Hazard K2: a worker that stands still for longer than its lock lasts, and wakes up when another one has its work.

/** Starts a worker that stops itself at a boundary of contacts, and waits until it has. */
async function startSleeper(firm: Firm, boundary: string): Promise<ServiceProcess> {
  const sleeper = await firm.startWorker(
    strikeEnvironment({ boundary, entity: 'contacts', nth: 3, action: 'SIGSTOP' }),
  );
  await eventually('the worker to stand still', () => sleeper.output().includes(strikeMark));
  return sleeper;
}

/** Whether a process has said something since it was woken. */
const saysLater = (worker: ServiceProcess, what: string) => {
  const before = worker.output().length;
  return () => worker.output().slice(before).includes(what);
};

it.concurrent('a worker that sleeps between reading and writing finds itself fenced out, and writes nothing', async ({
  onTestFinished,
}) => {
  const firm = await createRoughFirm();
  onTestFinished(() => firm.close());
  slowDown(firm);
  const jobId = await firm.trigger('full');
  const sleeper = await startSleeper(firm, 'fetched');
  await firm.startWorker();
  const job = await firm.ended(jobId);
  await expectUnharmed(firm, job);

  const fencedOut = saysLater(sleeper, 'FENCED_OUT');
  sleeper.signal('SIGCONT');
  await eventually('the sleeper to notice', fencedOut);
  await expectUnharmed(firm, await firm.job(jobId));
  expect(await sleeper.kill('SIGTERM'), 'it is a worker like any other again').toBe(0);
});

it.concurrent('a worker that sleeps with its page transaction open holds nobody up for long', async ({
  onTestFinished,
}) => {
  const firm = await createRoughFirm();
  onTestFinished(() => firm.close());
  slowDown(firm);
  const jobId = await firm.trigger('full');
  const sleeper = await startSleeper(firm, 'in-transaction');
  const { rows } = await sql`select 1 from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'`.execute(firm.bed.db);
  expect(rows, 'its transaction is open, and the locks of the page are held').toHaveLength(1);
  await firm.startWorker();
  const job = await firm.ended(jobId);
  await expectUnharmed(firm, job);

  const lostConnection = saysLater(sleeper, 'postgres trouble');
  sleeper.signal('SIGCONT');
  await eventually('the sleeper to notice', lostConnection);
  await expectUnharmed(firm, await firm.job(jobId));
  expect(await sleeper.kill('SIGTERM')).toBe(0);
});
