import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { environmentManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { sql } from 'kysely';
import { createElement, StrictMode, useState } from 'react';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../../apps/api/testing/running-api.js';
import { openPage, type Page } from '../../testing/page.js';
import { createClient } from '../create-client.js';
import { SynclineProvider } from './provider.js';
import { type FailedItemsFilter, type UseFailedItems, useFailedItems } from './use-failed-items.js';
import { type UseSync, useSync } from './use-sync.js';

let bed: TestBed;
let api: RunningApi;
let connectionId: string;
let page: Page | undefined;
/** What the hooks gave when they were rendered last. */
let sync: UseSync | undefined;
let failed: UseFailedItems | undefined;
/** What the client has sent. */
let asked: Request[] = [];

beforeAll(async () => {
  // It looked for a window when it was loaded.
  environmentManager.setIsServer(() => false);
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  connectionId = (await bed.db.selectFrom('connections').select('id').executeTakeFirstOrThrow()).id;
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});
beforeEach(async () => {
  await bed.db.deleteFrom('sync_failed_items').execute();
  await bed.db.deleteFrom('sync_jobs').execute();
  [sync, failed, asked] = [undefined, undefined, []];
});
afterEach(async () => {
  await page?.close();
  page = undefined;
});

function Sync({ id, lookEveryMs = 60_000 }: { readonly id: string; readonly lookEveryMs?: number }) {
  sync = useSync(id, { lookEveryMs });
  return createElement('p', null, `${sync.state} ${sync.progress?.records_processed ?? '-'} `);
}
/** One that is told what to show, or nothing. */
let look: (id: string | undefined) => void = () => undefined;
function Chosen() {
  const [id, setId] = useState<string>();
  look = setId;
  return id === undefined ? 'nothing' : createElement(Sync, { id, lookEveryMs: 60_000 });
}
function Items({ filter }: { readonly filter: FailedItemsFilter }) {
  failed = useFailedItems(filter);
  return createElement('p', null, failed.items.map(({ vendorId }) => vendorId).join());
}

/** A page with these on it, as an application has them. */
async function open(...children: ReturnType<typeof createElement>[]) {
  const fetch = (request: Request) => {
    asked.push(request);
    return globalThis.fetch(request);
  };
  const client = createClient({ baseUrl: api.url, key: bed.adminKey, fetch });
  const queries = new QueryClient();
  const provided = createElement(SynclineProvider, { client }, ...children);
  page = await openPage(
    createElement(StrictMode, null, createElement(QueryClientProvider, { client: queries }, provided)),
  );
  return queries;
}
const shown = (text: string) => eventually(`"${text}" to be shown`, () => page?.text().includes(text));
const advance = async (read: number) => {
  await sql`update sync_jobs set status = 'running', started_at = coalesce(started_at, now()) where status = 'queued'`.execute(
    bed.db,
  );
  await sql`update sync_progress set status = 'running', records_read = ${read}, records_created = ${read}
    where position = 0`.execute(bed.db);
};
const finish = (status: string) =>
  sql`update sync_jobs set status = ${status}, ended_at = now() where status in ('queued', 'running')`.execute(bed.db);

describe('useSync', () => {
  it('starts a sync, shows it live, and how it ended in the words of the system', async () => {
    await open(createElement(Sync, { id: connectionId }));
    await shown('idle -');
    const jobId = await sync?.trigger({ mode: 'full' });
    expect(jobId).toMatch(/-/);
    await shown('queued 0');
    await advance(3);
    await shown('running 3');
    expect(sync).toMatchObject({ isLive: true, jobId, isConnected: true, isTriggering: false, error: null });
    await finish('partial');
    await shown('partial 3');
    expect(sync).toMatchObject({ isLive: false, jobId, error: null });
  });

  it('shows what somebody else has started, and goes on to the next one', async () => {
    await open(createElement(Sync, { id: connectionId, lookEveryMs: 50 }));
    await shown('idle');
    for (const read of [1, 2]) {
      await api.send('POST', '/api/sync/trigger', { syncType: 'full' });
      await advance(read);
      await shown(`running ${read}`);
      await finish('succeeded');
      await shown(`succeeded ${read}`);
    }
  });

  it('cancels', async () => {
    await open(createElement(Sync, { id: connectionId }));
    await shown('idle');
    await sync?.trigger();
    await shown('queued');
    expect(await sync?.cancel()).toBe(true);
    await shown('cancelled');
    expect(await sync?.cancel()).toBe(false);
  });

  it('says why something cannot be done, and follows the sync that is in the way', async () => {
    await open(createElement(Sync, { id: connectionId }));
    await shown('idle');
    const { jobId } = (await api.send('POST', '/api/sync/trigger', { syncType: 'full' })).body;
    expect(await sync?.trigger()).toBeUndefined();
    await eventually('the error', () => sync?.error !== null);
    expect(sync?.error).toMatchObject({ code: 'SYNC_ALREADY_RUNNING' });
    await shown('queued 0');
    expect(sync?.jobId).toBe(jobId);
    await finish('succeeded');
  });

  it('says when there is no such connection', async () => {
    await open(createElement(Sync, { id: '00000000-0000-4000-8000-000000000000' }));
    await shown('unknown -');
    expect(sync?.error).toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  });

  it('is one stream however many components look, and none when nobody does', async () => {
    const { jobId } = (await api.send('POST', '/api/sync/trigger', { syncType: 'full' })).body;
    const two = [1, 2].map((key) => createElement(Sync, { id: connectionId, key }));
    await open(...two);
    await advance(4);
    await eventually('both', () => page?.text() === 'running 4 running 4 ');
    const streams = asked.filter(({ url }) => url.endsWith(`/api/v1/sync/progress/${jobId}/stream`));
    // React's strict mode takes everything away once and brings it back.
    expect(streams.filter(({ signal }) => !signal.aborted)).toHaveLength(1);
    await page?.close();
    page = undefined;
    await eventually('the end of the stream', () => streams.every(({ signal }) => signal.aborted));
  });
});

describe('a component that goes and comes back', () => {
  it('shows a sync live again', async () => {
    await api.send('POST', '/api/sync/trigger', { syncType: 'full' });
    await advance(1);
    await open(createElement(Chosen));
    await shown('nothing');
    look(connectionId);
    await shown('running 1');
    look(undefined);
    await shown('nothing');
    await advance(2);
    look(connectionId);
    await shown('running 2');
    await finish('succeeded');
    await shown('succeeded 2');
  });

  it('does not take what was asked of one connection for what was asked of another', async () => {
    const { rows } = await sql<{ id: string }>`
      insert into connections (organization_id, connector, name, status)
      select organization_id, connector, 'second', status from connections where id = ${connectionId} returning id`.execute(
      bed.db,
    );
    const second = rows[0]?.id ?? '';
    await open(createElement(Chosen));
    await shown('nothing');
    look(connectionId);
    await shown('idle');
    const started = sync?.trigger({ mode: 'full' });
    look(second);
    await eventually('the other one', () => sync?.jobId === null);
    const jobId = await started;
    expect(jobId).toMatch(/-/);
    expect(await sync?.cancel()).toBe(false);
    expect(sync).toMatchObject({ state: 'idle', isLive: false, jobId: null });

    look(connectionId);
    await eventually('the sync', () => sync?.jobId === jobId);
    expect(await sync?.trigger()).toBeUndefined();
    await eventually('the error', () => sync?.error !== null);
    look(second);
    await eventually('the other one', () => sync?.state === 'idle');
    expect(sync?.error).toBeNull();
    await sql`delete from connections where id = ${second}`.execute(bed.db);
  });
});

describe('useFailedItems', () => {
  const add = (vendorId: string, status = 'dead') =>
    sql`insert into sync_failed_items (organization_id, connection_id, entity, kind, vendor_id, error_code, message, status,
        created_at)
      select organization_id, id, 'tasks', 'record', ${vendorId}, 'RECORD_INVALID', 'm', ${status},
        now() - ${vendorId.length} * interval '1 minute' from connections where id = ${connectionId}`.execute(bed.db);

  it('lists them in pages, and has one tried again or closed', async () => {
    for (const vendorId of ['a', 'bb', 'ccc']) await add(vendorId);
    await open(createElement(Items, { filter: { status: 'dead', limit: 2 } }));
    await shown('a,bb');
    expect(failed).toMatchObject({ total: 3, pages: 2, isLoading: false, isOld: false, error: null });
    const [first, second] = failed?.items ?? [];
    expect(await failed?.retry({ ids: [first?.id ?? ''] })).toBe(1);
    await shown('bb,ccc');
    expect(await failed?.resolve(second?.id ?? '', 'gone at the vendor')).toBe(true);
    await eventually('the rest', () => page?.text() === 'ccc');
    expect(await failed?.retry({ filter: { status: 'dead' } })).toBe(1);
    await eventually('nothing', () => page?.text() === '' && failed?.total === 0);
  });

  it('says why something cannot be done', async () => {
    await add('a');
    await open(createElement(Items, { filter: {} }));
    await shown('a');
    expect(await failed?.resolve(failed.items[0]?.id ?? '', '')).toBe(false);
    await eventually('the error', () => failed?.error !== null);
    expect(failed?.error).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(failed?.items).toHaveLength(1);
  });

  it('is read anew when a sync that is looked at has ended', async () => {
    await open(createElement(Sync, { id: connectionId }), createElement(Items, { filter: {} }));
    await shown('idle');
    await sync?.trigger();
    await shown('queued');
    await add('late');
    await finish('partial');
    await shown('partial');
    await shown('late');
  });
});
