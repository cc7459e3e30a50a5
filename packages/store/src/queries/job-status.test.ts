import { expect, it } from 'vitest';
import type { JobStatus, RunStatus } from '../schema.js';
import { jobStatus } from './job-life.js';

const table: [JobStatus, RunStatus[]][] = [
  ['succeeded', ['succeeded', 'succeeded', 'succeeded']],
  ['partial', ['succeeded', 'partial', 'succeeded']],
  ['partial', ['partial']],
  ['partial', ['succeeded', 'failed', 'skipped']],
  ['partial', ['partial', 'failed']],
  ['partial', ['succeeded', 'skipped']],
  ['failed', ['failed']],
  ['failed', ['failed', 'skipped', 'skipped']],
  ['cancelled', ['cancelled']],
  ['cancelled', ['succeeded', 'cancelled', 'skipped']],
  ['cancelled', ['failed', 'cancelled']],
];

it.each(table)('a job is %s when its entity runs are %j', (status, runs) => {
  expect(jobStatus(runs)).toBe(status);
  expect(jobStatus(runs.toReversed())).toBe(status);
});
