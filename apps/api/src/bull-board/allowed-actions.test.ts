import { appRoutes } from '@bull-board/api/dist/routes.js';
import { expect, test } from 'vitest';
import { isAllowed } from './allowed-actions.js';

const actions = appRoutes.api.flatMap(({ method, route }) =>
  [method].flat().flatMap((verb) => [route].flat().map((path) => ({ method: verb, route: path, params: {} }))),
);
const changing = actions.filter(({ method }) => method !== 'get');

test('what the installed Bull Board can change is allowed or denied by us, knowingly', () => {
  const verdicts = changing.map((action) => `${isAllowed(action) ? 'yes' : 'no '} ${action.method} ${action.route}`);
  expect(verdicts.sort()).toMatchInlineSnapshot(`
    [
      "no  patch /api/queues/:queueName/:jobId/delay",
      "no  patch /api/queues/:queueName/:jobId/priority",
      "no  patch /api/queues/:queueName/:jobId/update-data",
      "no  patch /api/queues/:queueName/job-schedulers/:schedulerId",
      "no  post /api/queues/:queueName/add",
      "no  put /api/queues/:queueName/:jobId/clean",
      "no  put /api/queues/:queueName/:jobId/remove-unprocessed-children",
      "no  put /api/queues/:queueName/clean/:queueStatus",
      "no  put /api/queues/:queueName/empty",
      "no  put /api/queues/:queueName/job-schedulers/:schedulerId/remove",
      "no  put /api/queues/:queueName/job-schedulers/:schedulerId/run",
      "no  put /api/queues/:queueName/obliterate",
      "no  put /api/queues/:queueName/rate-limit",
      "no  put /api/queues/:queueName/rate-limit/release",
      "yes put /api/queues/:queueName/:jobId/promote",
      "yes put /api/queues/:queueName/:jobId/retry",
      "yes put /api/queues/:queueName/concurrency",
      "yes put /api/queues/:queueName/pause",
      "yes put /api/queues/:queueName/promote",
      "yes put /api/queues/:queueName/resume",
      "yes put /api/queues/:queueName/retry/:queueStatus",
      "yes put /api/queues/pause",
      "yes put /api/queues/resume",
    ]
  `);
});

test('nothing that removes jobs is allowed', () => {
  const removing = changing.filter(({ route }) => /clean|empty|obliterate|remove/.test(route));
  expect(removing.length).toBeGreaterThanOrEqual(5);
  expect(removing.filter(isAllowed)).toEqual([]);
});

test('all that is only read is allowed', () => {
  expect(actions.filter((action) => action.method === 'get' && !isAllowed(action))).toEqual([]);
});

test('failed jobs can be retried, succeeded ones cannot', () => {
  const retry = (queueStatus: string) =>
    isAllowed({ method: 'put', route: '/api/queues/:queueName/retry/:queueStatus', params: { queueStatus } });
  expect([retry('failed'), retry('completed')]).toEqual([true, false]);
});
