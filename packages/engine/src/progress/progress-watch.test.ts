import type { JobProgress, OrganizationNow } from '@syncline/store';
import { eventually } from '@syncline/testing';
import { expect, test } from 'vitest';
import { createNowWatch } from '../overview/now-watch.js';
import { createProgressWatch } from './progress-watch.js';

const job = (status: JobProgress['status']) => ({ id: 'j', status, runs: [] }) as unknown as JobProgress;
const quiet = { warn: () => undefined };

/** Somebody who follows, and what he was told. */
function follower() {
  const told = { looks: 0, ends: 0 };
  return {
    told,
    onProgress: () => {
      told.looks += 1;
    },
    onEnd: () => {
      told.ends += 1;
    },
  };
}

test('a hundred who follow a job cost one question each time, and none when nobody is left', async () => {
  const watch = createProgressWatch(quiet, 5);
  let questions = 0;
  const read = async () => {
    questions += 1;
    return job('running');
  };
  const all = Array.from({ length: 100 }, follower);
  const stops = all.map((one) => watch.follow('j', read, one));
  await eventually('three looks', () => (all.at(-1)?.told.looks ?? 0) >= 3);
  expect(new Set(all.map(({ told }) => told.looks))).toEqual(new Set([questions]));
  for (const stop of stops) stop();
  const before = questions;
  // Another job is asked about meanwhile: time goes by.
  const other = follower();
  const stop = watch.follow('other', async () => job('running'), other);
  await eventually('ten looks at another job', () => other.told.looks >= 10);
  expect(questions).toBe(before);
  stop();
  watch.close();
});

test('a job that ends, or is gone, ends the following; so does the end of the process', async () => {
  const watch = createProgressWatch(quiet, 5);
  const [ended, gone, open, late] = [follower(), follower(), follower(), follower()];
  watch.follow('ended', async () => job('succeeded'), ended);
  watch.follow('gone', async () => undefined, gone);
  watch.follow('open', async () => job('running'), open);
  await eventually('both ends', () => ended.told.ends === 1 && gone.told.ends === 1);
  expect([ended.told.looks, gone.told.looks, open.told.ends]).toEqual([1, 0, 0]);
  watch.close();
  expect(open.told.ends).toBe(1);
  watch.follow('late', async () => job('running'), late);
  expect(late.told).toEqual({ looks: 0, ends: 1 });
});

test('one who cannot be told does not take the process along', async () => {
  const watch = createProgressWatch(quiet, 5);
  const one = follower();
  const broken = {
    ...one,
    onProgress: () => {
      throw new Error('a bug');
    },
  };
  watch.follow('j', async () => job('running'), broken);
  await eventually('the end', () => one.told.ends === 1);
  watch.close();
});

test('while Postgres is away nobody is sent away', async () => {
  const watch = createProgressWatch(quiet, 5);
  const one = follower();
  let questions = 0;
  watch.follow(
    'j',
    async () => {
      questions += 1;
      if (questions < 4) throw new Error('away');
      return job('succeeded');
    },
    one,
  );
  await eventually('the end', () => one.told.ends === 1);
  expect(one.told.looks).toBe(1);
});

test('whoever follows an organization is told at once, and a hundred who come together cost one question', async () => {
  const watch = createNowWatch(quiet, 3_600_000);
  let questions = 0;
  const read = async () => {
    questions += 1;
    return { jobs: [] } as unknown as OrganizationNow;
  };
  const together = Array.from({ length: 100 }, follower);
  for (const one of together) watch.follow('o', read, one);
  await eventually('the first look', () => together.every(({ told }) => told.looks === 1));
  const late = follower();
  const stop = watch.follow('o', read, late);
  expect([late.told.looks, questions]).toEqual([1, 1]);
  stop();
  watch.close();
  expect([late.told.ends, ...new Set(together.map(({ told }) => told.ends))]).toEqual([0, 1]);
});
