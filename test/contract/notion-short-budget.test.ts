import { randomUUID } from 'node:crypto';
import type { Block } from '@syncline/connectors/notion/simulator';
import { refetchSignalled } from '@syncline/engine';
import { noteDeliveries } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAgencyOn } from './agency.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const block = (type: string, text: string, children: Block[] = []): Block => ({
  id: randomUUID(),
  type,
  text,
  children,
});

/** An agency with ten requests in ten seconds, and clients whose texts need as many lists. */
async function openSlow(clients: number, lists: number, settings: Record<string, unknown> = {}) {
  const agency = await openAgencyOn(bed, { clients }, { requestsPerSecond: 1, ...settings });
  const { store } = agency.simulator;
  for (const id of store.ids()) {
    if (store.row(id).inTrash) store.trash(id, false);
    const toggle = () => block('toggle', 'more', [block('paragraph', 'within')]);
    store.setBlocks(id, Array.from({ length: lists - 1 }, toggle));
  }
  return { agency, text: Array.from({ length: lists - 1 }, () => 'more\n  within').join('\n') };
}

// A record that is begun anew whenever the budget is used up would never be read, and nor would what comes after it.
it('records that need more requests than a window of the budget has are read, by syncs and for webhooks', async () => {
  const [listed, told] = [await openSlow(4, 4), await openSlow(1, 14, { pageBodies: 'never' })];
  await told.agency.sync('full');
  await told.agency.change({ pageBodies: 'always' });
  const { ctx, organizationId, id: connectionId, simulator } = told.agency;
  const [vendorId = ''] = simulator.store.ids();
  const event = { kind: 'event', eventId: 'e', type: 't', sentAt: new Date(), verifies: undefined } as const;
  const outcome = { ...event, signals: [{ entity: 'clients', vendorId }] };
  await noteDeliveries(bed.db, [{ organizationId, connectionId, outcome }], 0);
  // Both wait for their budgets at the same time.
  await Promise.all([
    listed.agency.sync('full'),
    refetchSignalled(ctx, {
      payload: { v: 1, organizationId, connectionId, connector: 'notion', entity: 'clients' },
      signal: new AbortController().signal,
      failures: 0,
      othersWait: async () => false,
    }),
  ]);
  const texts = async ({ rows }: typeof listed.agency) =>
    Object.values(await rows()).map((row) => row['client_page_info']);
  expect(await texts(told.agency)).toEqual([told.text]);
  const found = await texts(listed.agency);
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found)).toEqual(new Set([listed.text]));
}, 60_000);
