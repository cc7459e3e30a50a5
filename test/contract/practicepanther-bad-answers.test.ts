import type { Page } from '@syncline/connector-kit';
import { practicePanther } from '@syncline/connectors';
import { type Simulator, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenVendor, openVendor } from './open-vendor.js';

let bed: TestBed;
let simulator: Simulator;
let open: OpenVendor;
beforeAll(async () => {
  bed = await createTestBed();
  // More than three pages of everything but the custom fields, whose lists are short.
  simulator = await startSimulator({
    contacts: 330,
    users: 330,
    notes: 330,
    emails: 330,
    events: 330,
    timeentries: 330,
  });
  const settings = { rateLimitRequests: 100_000 };
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const credentials = { clientId, clientSecret, refreshToken };
  open = await openVendor(bed, practicePanther, { baseUrl: simulator.url, credentials, settings });
});
afterEach(() => simulator.faults.clear());
afterAll(async () => {
  await open.close();
  await simulator.close();
  await bed.close();
});

const bodies = ['garbage', 'truncated', 'html', 'null', 'object', 'empty', '"text"', '7', '{"error":"try again"}'];
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'an answer',
    (error: { code?: string }) => error.code,
  );
const spoil = (path: string, body: string) => simulator.faults.add({ match: { path }, action: { body } });

describe.each(practicePanther.entities.map((entity) => [entity.name, entity] as const))('%s', (name, entity) => {
  const page = (cursor?: Page['next']) =>
    entity.fetchPage({ client: open.client, cursor, since: undefined, pageSize: 100 });

  it.each(bodies)('are never taken for none where the answer, with status 200, is %s', async (body) => {
    const { next } = await page();
    const fault = spoil(`/${name}`, body);
    expect(await failureOf(page())).toBe('UPSTREAM_BAD_BODY');
    expect(await failureOf(page(next))).toBe('UPSTREAM_BAD_BODY');
    expect(simulator.faults.hits(fault)).toBe(2);
  });

  it.each(['garbage', 'truncated', 'html', 'null', 'empty', '[]'])(
    'are never taken for gone where one is answered by %s',
    async (body) => {
      const [id = ''] = simulator.store.ids(name as 'tasks');
      const fault = spoil(`/${name}/${id}`, body);
      expect(await failureOf(entity.fetchOne?.(open.client, id) ?? Promise.resolve())).toBe('UPSTREAM_BAD_BODY');
      expect(simulator.faults.hits(fault)).toBe(1);
    },
  );

  it.skipIf(name === 'customfields')(
    'are read to the end where one page in the middle comes back empty by mistake',
    async () => {
      const fault = simulator.faults.add({ match: { path: `/${name}`, nth: 3 }, action: { body: '[]' } });
      const ids: unknown[] = [];
      let cursor: Page['next'];
      do {
        const { records, next } = await page(cursor);
        ids.push(...records.map((record) => (record as { id: string }).id));
        cursor = next;
      } while (cursor !== undefined);
      expect(simulator.faults.hits(fault)).toBe(1);
      expect(new Set(ids)).toEqual(new Set(simulator.store.ids(name as 'tasks')));
    },
  );
});
