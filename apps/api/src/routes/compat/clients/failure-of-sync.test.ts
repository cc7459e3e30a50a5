import type { JobView } from '@syncline/store';
import { expect, it } from 'vitest';
import { failureOfSync } from './failure-of-sync.js';

type Run = Pick<JobView['entities'][number], 'status' | 'errorCode' | 'errorMessage'>;

const fine: Run = { status: 'succeeded', errorCode: null, errorMessage: null };
const why = { errorCode: 'UPSTREAM_TIMEOUT', errorMessage: 'no answer' };

function failure(status: JobView['status'], run: Run, own: Partial<JobView> = {}) {
  const job = { id: 'j', status, errorCode: null, errorMessage: null, entities: [run], ...own };
  const found = failureOfSync(job as unknown as JobView);
  return found && [found.code, found.message];
}

it('is none of a sync that has read everything, or that lives', () => {
  expect(failure('succeeded', fine)).toBeUndefined();
  expect(failure('partial', { ...fine, status: 'partial', errorCode: 'PAGE_CAP_REACHED' })).toBeUndefined();
  expect(failure('running', { ...fine, status: 'running', ...why })).toBeUndefined();
});

it("is the entity's own, or the job's where that has none", () => {
  const entitys = ['UPSTREAM_TIMEOUT', 'The sync j failed: no answer'];
  expect(failure('failed', { status: 'failed', ...why })).toEqual(entitys);
  expect(failure('partial', { status: 'failed', ...why })).toEqual(entitys);
  const stale = { errorCode: 'JOB_STALE', errorMessage: null };
  expect(failure('failed', { ...fine, status: 'skipped' }, stale)).toEqual([
    'JOB_STALE',
    'The sync j failed: JOB_STALE',
  ]);
});

it('is an unexpected one where another release has written what this one does not know', () => {
  const later = { errorCode: 'OF_TOMORROW', errorMessage: 'new' };
  expect(failure('failed', { status: 'failed', ...later })).toEqual(['INTERNAL', 'The sync j failed: new']);
  expect(failure('failed', { ...fine, status: 'failed' })).toEqual(['INTERNAL', 'The sync j failed: nobody said why']);
});

it('says so when somebody has cancelled it', () => {
  expect(failure('cancelled', { ...fine, status: 'cancelled' })).toEqual([
    'SYNC_NOT_RUNNING',
    'The sync j was cancelled',
  ]);
});
