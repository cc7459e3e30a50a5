import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFirm, type Firm } from './firm.js';

let firm: Firm;

beforeAll(async () => {
  firm = await createFirm({ contacts: 200 });
});
afterAll(() => firm.close());

it('twenty triggers at once, of two APIs, make one job, and the others are told its id', async () => {
  const other = await firm.startApi();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      firm.request('POST', '/api/sync/trigger', { syncType: 'full' }, i % 2 === 0 ? undefined : other.url),
    ),
  );
  const accepted = answers.filter(({ status }) => status === 202);
  const refused = answers.filter(({ status }) => status === 409);
  expect({ accepted: accepted.length, refused: refused.length }).toEqual({ accepted: 1, refused: 19 });
  const jobId = accepted[0]?.body['jobId'];
  for (const { body } of refused) expect(body).toMatchObject({ code: 'SYNC_ALREADY_RUNNING', runningJobId: jobId });
  const jobs = await firm.bed.db.selectFrom('sync_jobs').select('id').execute();
  expect(jobs).toEqual([{ id: jobId }]);

  // No worker was there until now: what was accepted waits for one, and the next trigger is free after it.
  await firm.startWorker();
  expect((await firm.ended(String(jobId))).status).toBe('succeeded');
  expect((await firm.sync('incremental')).status).toBe('succeeded');
});
