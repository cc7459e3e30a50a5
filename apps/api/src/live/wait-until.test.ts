import { EventEmitter } from 'node:events';
import { createProgressWatch } from '@syncline/engine';
import type { JobProgress } from '@syncline/store';
import { eventually } from '@syncline/testing';
import { expect, test } from 'vitest';
import { type Wait, waitUntil } from './wait-until.js';

const job = (status: JobProgress['status']) => ({ id: 'j', status, runs: [] }) as unknown as JobProgress;
const quiet = { warn: () => undefined };
const long = 3_600_000;

/** A wait for a job that stands as `status` says, and what it leaves behind. */
function waitFor(status: () => JobProgress['status'], more: Partial<Wait> = {}) {
  const watch = createProgressWatch(quiet, 5);
  const answer = Object.assign(new EventEmitter(), { destroyed: false });
  let questions = 0;
  const read = async () => {
    questions += 1;
    return job(status());
  };
  const isFarEnough = (now: JobProgress) => now.status !== 'queued';
  const waited = waitUntil(watch, { ...{ jobId: 'j', read, isFarEnough, longestMs: long, answer }, ...more });
  return { watch, answer, waited, questions: () => questions };
}

/** Nobody asks about the job any more, and nothing hangs on the answer. */
async function expectNothingLeft({ watch, answer, questions }: ReturnType<typeof waitFor>): Promise<void> {
  const before = questions();
  let looks = 0;
  const stop = watch.follow('other', async () => job('running'), {
    onProgress: () => {
      looks += 1;
    },
    onEnd: () => undefined,
  });
  await eventually('ten looks at another job', () => looks >= 10);
  expect(questions()).toBe(before);
  expect(answer.listenerCount('close')).toBe(0);
  stop();
  watch.close();
}

test('a wait ends when the job is far enough, with what was seen then', async () => {
  let status: JobProgress['status'] = 'queued';
  const wait = waitFor(() => status);
  await eventually('two looks', () => wait.questions() >= 2);
  status = 'running';
  expect(await wait.waited).toMatchObject({ status: 'running' });
  await expectNothingLeft(wait);
});

test('a wait ends after its time, and when the job has ended otherwise', async () => {
  const late = waitFor(() => 'queued', { longestMs: 1 });
  // In that time nothing may have been looked at.
  expect((await late.waited)?.status ?? 'queued').toBe('queued');
  await expectNothingLeft(late);
  const ended = waitFor(() => 'cancelled', { isFarEnough: () => false });
  expect(await ended.waited).toMatchObject({ status: 'cancelled' });
  await expectNothingLeft(ended);
});

test('a wait ends with its client, also with one that has gone already, and leaves nothing behind', async () => {
  const wait = waitFor(() => 'queued');
  await eventually('a look', () => wait.questions() >= 1);
  wait.answer.emit('close');
  await wait.waited;
  await expectNothingLeft(wait);

  const answer = Object.assign(new EventEmitter(), { destroyed: true });
  const gone = waitFor(() => 'queued', { answer });
  await gone.waited;
  expect(gone.questions()).toBe(0);
  expect(answer.listenerCount('close')).toBe(0);
  gone.watch.close();
});

test('a wait ends with the process', async () => {
  const wait = waitFor(() => 'queued');
  wait.watch.close();
  await wait.waited;
  expect(wait.answer.listenerCount('close')).toBe(0);
});
