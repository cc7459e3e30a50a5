import { catalogue, SyncError } from '@syncline/connector-kit';
import { expect, test } from 'vitest';
import { classifyError } from './classify-error.js';

const classify = (error: unknown) => classifyError(error, 'request-1');

test('an expected failure shows its entry, its message and what is meant to be shown of its details', () => {
  const details = { runningJobId: 'b2f1', secret: 'S3CRET' };
  const problem = classify(new SyncError('SYNC_ALREADY_RUNNING', 'It runs', { details }));
  const { title, status, hint } = catalogue.SYNC_ALREADY_RUNNING;
  expect(problem).toEqual({
    ...{ type: '/docs/errors#SYNC_ALREADY_RUNNING', code: 'SYNC_ALREADY_RUNNING', title, status, hint },
    detail: 'It runs',
    requestId: 'request-1',
    runningJobId: 'b2f1',
  });
});

test('a bug shows nothing of itself', () => {
  for (const bug of [new TypeError('S3CRET is not a function'), 'S3CRET', undefined, { message: 'S3CRET' }]) {
    const problem = classify(bug);
    expect(problem.code).toBe('INTERNAL');
    expect(JSON.stringify(problem)).not.toContain('S3CRET');
  }
});

test.each([
  ['Connection terminated unexpectedly', 'DATABASE_UNAVAILABLE'],
  ['Connection is closed.', 'QUEUE_UNAVAILABLE'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'QUEUE_UNAVAILABLE'],
])('%s is %s', (message, code) => {
  expect(classify(new Error(message)).code).toBe(code);
});

test('a refused connection is that to Postgres', () => {
  expect(classify(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })).code).toBe('DATABASE_UNAVAILABLE');
});
