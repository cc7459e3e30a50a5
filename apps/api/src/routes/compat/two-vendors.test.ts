import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let clinic: string;
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, {
    ...oneConnection,
    CLINIKO_API_KEY: 'S3CRET-of-the-clinic-au4',
    CLINIKO_CONTACT_EMAIL: 'desk@clinic.example',
    CLINIKO_BASE_URL: 'http://127.0.0.1:1/v1/',
  });
  const row = await bed.db.selectFrom('connections').select('id').where('connector', '=', 'cliniko').executeTakeFirst();
  clinic = row?.id ?? '';
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

/** The paths that are about one connection. */
const aboutOne = [
  ['GET', '/api/sync/status'],
  ['GET', '/api/sync/health'],
  ['GET', '/api/sync/test-connection'],
  ['PUT', '/api/sync/schedule'],
  ['POST', '/api/sync/trigger'],
] as const;
const body = (method: string, connectionId?: string) => {
  if (method === 'GET') return undefined;
  const about = method === 'PUT' ? { incrementalInterval: 15 } : { syncType: 'incremental' };
  return connectionId === undefined ? about : { ...about, connectionId };
};

describe('beside a connection of another vendor', () => {
  it.each(aboutOne)('%s %s is about that of PracticePanther, without being told', async (method, path) => {
    const answer = await api.send(method, path, body(method));
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    expect(answer.body.connection?.connector ?? 'practicepanther').toBe('practicepanther');
  });

  it.each(aboutOne)('%s %s knows none of the other, even by its id', async (method, path) => {
    const query = method === 'GET' ? `?connectionId=${clinic}` : '';
    const answer = await api.send(method, path + query, body(method, clinic));
    expect([answer.status, answer.body.code]).toEqual([404, 'CONNECTION_NOT_FOUND']);
  });

  it.each([{ apiKey: 'S3CRET-for-one-sync' }, { baseUrl: 'https://crm.example/api/v1/' }])(
    'no sync goes by an access of its own where the operator has not allowed it: %o',
    async (access) => {
      const path = '/api/sync-irelandpay-crm/enhanced';
      const answer = await api.send('POST', path, { syncType: 'daily', ...access });
      expect([answer.status, answer.body.code]).toEqual([403, 'ADHOC_CREDENTIALS_OFF']);
      expect(answer.body.hint).toContain('SYNCLINE_ADHOC_CREDENTIALS');
      expect(JSON.stringify(answer.body)).not.toContain('S3CRET');
    },
  );

  it('the sync that was started is that of PracticePanther', async () => {
    const jobs = await bed.db
      .selectFrom('sync_jobs as j')
      .innerJoin('connections as c', 'c.id', 'j.connection_id')
      .select('c.connector')
      .execute();
    expect(jobs).toEqual([{ connector: 'practicepanther' }]);
  });
});
