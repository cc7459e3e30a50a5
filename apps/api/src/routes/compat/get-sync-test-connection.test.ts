import { type Simulator, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApi, runningApi } from '../../../testing/running-api.js';

let bed: TestBed;
let vendor: Simulator;
let api: RunningApi;

beforeAll(async () => {
  bed = await createTestBed();
  vendor = await startSimulator({ contacts: 20 });
  api = await runningApi(bed, {
    PP_CLIENT_ID: 'pp-demo-client',
    PP_CLIENT_SECRET: 'pp-demo-secret',
    PP_BASE_URL: vendor.url,
    SYNCLINE_EGRESS_ALLOW: new URL(vendor.url).host,
  });
});
afterAll(async () => {
  await api.stop();
  await vendor.close();
  await bed.close();
});

test('a vendor that answers: what it said, and how long it took', async () => {
  const { status, body } = await api.get('/api/sync/test-connection');
  expect(status).toBe(200);
  expect(body).toMatchObject({ success: true, connection: { status: 'active' } });
  expect(body.roundTripMs).toBeGreaterThan(0);
  expect(body.sample.user.email).toContain('@');
});

test('a vendor that refuses is a result too, with what to do', async () => {
  const fault = vendor.faults.add({ match: { path: 'users/me' }, action: { status: 403 } });
  const { status, body } = await api.get('/api/sync/test-connection');
  vendor.faults.clear(fault);
  expect(status).toBe(200);
  expect(body).toMatchObject({ success: false, code: 'UPSTREAM_REJECTED', hint: expect.any(String) });
  expect(body.message).toContain('403');
  expect(JSON.stringify(body)).not.toContain('pp-demo-secret');
});
