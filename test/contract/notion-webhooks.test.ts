import { createHmac, randomUUID } from 'node:crypto';
import { notion } from '@syncline/connectors';
import type { Simulator } from '@syncline/connectors/notion/simulator';
import { lookAfter, openWebhookDoor, refetchSignalled } from '@syncline/engine';
import { refetchQueue, type Turn, type WakeUpPayload } from '@syncline/queue';
import { acceptWebhookKey, awaitHandshake, claimSignals, readWebhookHealth } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAgencyOn } from './agency.js';

type Row = Record<string, unknown>;

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const key = 'secret_of-this-agency';

/** An agency that was synced in full, and has a verified subscription. */
async function openTold(clients = 6, more: Row = {}) {
  const agency = await openAgencyOn(bed, { clients }, more);
  await agency.sync('full');
  const { ctx, simulator, organizationId, id: connectionId, connection } = agency;
  await awaitHandshake(bed.db, await connection(), 5);
  await acceptWebhookKey(bed.db, ctx.vault, await connection(), key);
  const door = openWebhookDoor(ctx);
  const place = { organizationId, connectionId, entity: 'clients' };
  const deliver = (body: object, secret = key) => {
    const bytes = Buffer.from(JSON.stringify(body));
    const signature = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
    return door.receive(notion, { connectionId }, { headers: { 'x-notion-signature': signature }, body: bytes });
  };
  const turn = (over: Partial<Turn<WakeUpPayload>> = {}): Turn<WakeUpPayload> => ({
    payload: { v: 1, organizationId, connectionId, connector: 'notion', entity: 'clients' },
    signal: new AbortController().signal,
    failures: 0,
    othersWait: async () => false,
    ...over,
  });
  const makeDue = () =>
    sql`update webhook_deliveries set due_at = now() where connection_id = ${connectionId}`.execute(bed.db);
  const ledger = async () => {
    const { rows } = await sql<Row>`select event_id, type, vendor_id, status, outcome, attempts from webhook_deliveries
      where connection_id = ${connectionId} order by id`.execute(bed.db);
    return rows;
  };
  return {
    ...agency,
    ...{ place, deliver, turn, makeDue, ledger },
    tell: (page: string, over: object = {}) => deliver(eventAbout(simulator, page, over)),
    /** What is due is fetched and written, as a worker does. */
    refetch: async (over: Partial<Turn<WakeUpPayload>> = {}) => {
      await makeDue();
      return refetchSignalled(ctx, turn(over));
    },
    /** How often pages were asked for by their ids since it was asked last. */
    asked: () => {
      const count = simulator.requests.entries.filter(({ path }) => /\/pages\//.test(path)).length;
      simulator.requests.reset();
      return count;
    },
    health: async () => (await readWebhookHealth(bed.db, organizationId, [connectionId]))[0],
    items: async () => {
      const { rows } = await sql<Row>`select * from sync_failed_items where connection_id = ${connectionId}`.execute(
        bed.db,
      );
      return rows;
    },
  };
}

function eventAbout({ databaseId, store: { agency } }: Simulator, page: string, over: object = {}) {
  const parent = { id: databaseId, type: 'database', data_source_id: agency.sources[0]?.id };
  return {
    ...{ id: randomUUID(), timestamp: new Date().toISOString(), type: 'page.properties_updated' },
    ...{ workspace_id: randomUUID(), attempt_number: 1, entity: { id: page, type: 'page' }, data: { parent } },
    ...over,
  };
}

const idOf = (simulator: Simulator, n: number) => simulator.store.rows().filter(({ inTrash }) => !inTrash)[n]?.id ?? '';

describe('what a webhook tells of', () => {
  it('is fetched and written; the version that is sent last does not matter', async () => {
    const { simulator, tell, refetch, rows, ledger } = await openTold();
    const page = idOf(simulator, 0);
    simulator.store.rename(page, 'The second name');
    // The first change is told after the second.
    const now = Date.now();
    await tell(page, { timestamp: new Date(now).toISOString() });
    await refetch();
    await tell(page, { timestamp: new Date(now - 60_000).toISOString() });
    expect(await refetch()).toMatchObject({ kind: 'rest' });
    expect((await rows())[page]).toMatchObject({ name: 'The second name' });
    expect(await ledger()).toMatchObject([
      { status: 'done', outcome: 'written' },
      { status: 'done', outcome: 'written' },
    ]);
  });

  it('is not put back by an answer that is older, be it of the same minute (W3)', async () => {
    const { simulator, ctx, turn, tell, makeDue, sync, rows } = await openTold();
    const { clock, store, holds } = simulator;
    const page = idOf(simulator, 0);
    clock.stop(true);
    store.rename(page, 'First');
    await tell(page);
    await makeDue();
    const answered = holds.add({ match: { path: '/pages/', times: 1 }, stage: 'answer' });
    const late = refetchSignalled(ctx, turn());
    await holds.untilHeld(answered);
    store.rename(page, 'Second');
    await sync('incremental');
    expect((await rows())[page]).toMatchObject({ name: 'Second' });
    holds.release();
    await late;
    expect((await rows())[page]).toMatchObject({ name: 'Second' });
  });

  it('is fetched once, however often it is delivered and at the same time, and replayed later', async () => {
    const { simulator, deliver, refetch, asked, ledger, health } = await openTold();
    const page = idOf(simulator, 0);
    const event = eventAbout(simulator, page);
    asked();
    await Promise.all(Array.from({ length: 10 }, () => deliver(event)));
    await refetch();
    expect(asked()).toBe(1);
    await deliver(event);
    await refetch();
    expect(asked()).toBe(0);
    expect(await ledger()).toHaveLength(1);
    expect(await health()).toMatchObject({ received: 11, duplicates: 10, pending: 0 });
  });

  it('is fetched once for a burst about one page, and once more for what is told while it is being fetched', async () => {
    const { simulator, ctx, place, tell, refetch, asked, rows } = await openTold();
    const [page, other] = [idOf(simulator, 0), idOf(simulator, 1)];
    asked();
    await Promise.all([...Array.from({ length: 8 }, () => tell(page)), tell(other)]);
    await refetch();
    expect(asked()).toBe(2);

    await tell(page);
    // The vendor has answered already, as it was before.
    const hold = simulator.holds.add({ match: { path: '/pages/', times: 1 }, stage: 'answer' });
    const turn = refetch();
    await simulator.holds.untilHeld(hold);
    simulator.store.rename(page, 'Changed while it was being fetched');
    await tell(page);
    simulator.holds.release();
    await turn;
    await refetch();
    expect((await rows())[page]).toMatchObject({ name: 'Changed while it was being fetched' });
    expect(await claimSignals(ctx.db, place, { claim: randomUUID(), seconds: 1, limit: 9 })).toEqual([]);
  });

  it('appears, goes into the trash and comes back, and leaves for another database', async () => {
    const { simulator, tell, refetch, rows } = await openTold();
    const { store } = simulator;
    const added = store.add('A new client');
    await tell(added, { type: 'page.created' });
    await refetch();
    expect((await rows())[added]).toMatchObject({ name: 'A new client', slug: 'a-new-client', deleted_at: null });

    store.trash(added);
    await tell(added, { type: 'page.deleted' });
    await refetch();
    expect((await rows())[added]).toMatchObject({ deleted_at: expect.any(Date) });

    store.trash(added, false);
    await tell(added, { type: 'page.undeleted' });
    await refetch();
    expect((await rows())[added]).toMatchObject({ deleted_at: null });

    const elsewhere = randomUUID();
    store.move(added, elsewhere);
    await tell(added, { type: 'page.moved', data: { parent: { id: elsewhere, data_source_id: elsewhere } } });
    await refetch();
    expect((await rows())[added]).toMatchObject({ deleted_at: expect.any(Date), slug: 'a-new-client' });
  });

  it('is marked as deleted when the vendor does not show it any more, but not on the word of one who shows nothing', async () => {
    const { simulator, tell, refetch, rows, items } = await openTold();
    const [first, second] = [idOf(simulator, 0), idOf(simulator, 1)];
    simulator.store.share(first, false);
    await tell(first);
    await refetch();
    expect((await rows())[first]).toMatchObject({ deleted_at: expect.any(Date) });

    for (const id of simulator.store.ids()) simulator.store.share(id, false);
    await tell(second);
    await refetch();
    expect((await rows())[second]).toMatchObject({ deleted_at: null });
    expect(await items()).toMatchObject([{ vendor_id: second, error_code: 'UPSTREAM_GONE' }]);
  });

  it('is nobody that the vendor knows, nor do we: there is no failure', async () => {
    const { tell, refetch, ledger, items } = await openTold();
    await tell(randomUUID());
    await refetch();
    expect(await ledger()).toMatchObject([{ outcome: 'unknown' }]);
    expect(await items()).toEqual([]);
  });

  it('becomes a failed item when it does not fit, and no other page suffers by it', async () => {
    const { simulator, tell, refetch, rows, items, ledger } = await openTold();
    const [bad, good] = [idOf(simulator, 0), idOf(simulator, 1)];
    simulator.store.poison(bad, { last_edited_time: 7 });
    simulator.store.rename(good, 'Well');
    await Promise.all([tell(bad), tell(good)]);
    await refetch();
    expect((await rows())[good]).toMatchObject({ name: 'Well' });
    expect(await items()).toMatchObject([
      { vendor_id: bad, error_code: 'RECORD_INVALID', status: 'pending', sync_job_id: null },
    ]);
    expect((await ledger()).map(({ outcome }) => outcome).sort()).toEqual(['failed', 'written']);
  });

  it('waits while the vendor is in trouble, and becomes a failed item in the end', async () => {
    const { simulator, tell, refetch, items, ledger } = await openTold(6, { circuitMaxFailures: 1_000 });
    const page = idOf(simulator, 0);
    simulator.faults.add({ match: { path: `/pages/${page}` }, action: { status: 500 } });
    await tell(page);
    for (let tries = 1; tries <= 5; tries += 1) {
      expect(await refetch()).toMatchObject({ kind: 'rest' });
      expect(await ledger()).toMatchObject([{ status: 'pending', attempts: tries }]);
    }
    await refetch();
    expect(await ledger()).toMatchObject([{ outcome: 'failed' }]);
    expect(await items()).toMatchObject([{ vendor_id: page, error_code: 'UPSTREAM_UNAVAILABLE' }]);
  });
});

describe('a key', () => {
  it('is taken once for each time that one is awaited', async () => {
    const { ctx, connection, simulator, tell } = await openTold();
    expect(await acceptWebhookKey(bed.db, ctx.vault, await connection(), 'secret_of-an-attacker')).toBe(false);
    await tell(idOf(simulator, 0));
  });

  it('that another process has been told is good soon', async () => {
    const { simulator, ctx, connection, tell, deliver, ledger } = await openTold();
    const page = idOf(simulator, 0);
    await tell(page);
    const next = 'secret_that-came-by-another-door';
    await awaitHandshake(bed.db, await connection(), 5);
    await acceptWebhookKey(bed.db, ctx.vault, await connection(), next);
    const isTaken = () => deliver(eventAbout(simulator, page), next).catch(() => false as const);
    // Sooner than what is remembered is forgotten by itself.
    await eventually('the delivery to be taken', isTaken, 3_000);
    expect(await ledger()).toHaveLength(2);
  });
});

describe('what is of no interest', () => {
  it('is counted, and nothing is fetched', async () => {
    const { simulator, tell, deliver, refetch, asked, ledger, health } = await openTold();
    asked();
    const other = randomUUID();
    const elsewhere = { parent: { id: other, type: 'database', data_source_id: other } };
    await tell(other, { data: elsewhere });
    await tell(other, { workspace_id: other, data: elsewhere });
    await tell(idOf(simulator, 0), { type: 'comment.created' });
    await deliver({ something: 'of another year' });
    await refetch();
    expect(asked()).toBe(0);
    expect(await ledger()).toEqual([]);
    expect(await health()).toMatchObject({ received: 4, ignoredSource: 2, ignoredType: 2, duplicates: 0 });
  });
});

describe('a change of the schema', () => {
  it('has the entity synced, after the sync that runs already', async () => {
    const { simulator, ctx, connection, deliver, refetch, makeDue, turn, ledger, settings } = await openTold();
    const { id: source = '' } = simulator.store.agency.sources[0] ?? {};
    const event = { type: 'data_source.schema_updated', entity: { id: source, type: 'data_source' } };
    await sql`insert into sync_jobs (id, organization_id, connection_id, sync_type, mode, trigger)
      select ${source}, organization_id, id, 'full', 'full', 'manual' from connections
      where id = ${(await connection()).id}`.execute(bed.db);
    simulator.store.renameProperty('Status', 'Condition');
    await deliver(eventAbout(simulator, source, event));
    await deliver(eventAbout(simulator, source, event));
    await makeDue();
    await refetchSignalled(ctx, turn());
    expect(await ledger()).toMatchObject([{ status: 'pending' }, { status: 'pending' }]);
    await sql`update sync_jobs set status = 'succeeded', ended_at = now() where id = ${source}`.execute(bed.db);
    await refetch();
    expect(await ledger()).toMatchObject([{ outcome: 'sync' }, { outcome: 'sync' }]);
    const started = await sql<Row>`select id, trigger, mode, status from sync_jobs
      where connection_id = ${(await connection()).id} and status = 'queued'`.execute(bed.db);
    expect(started.rows).toMatchObject([{ trigger: 'webhook', mode: 'incremental' }]);
    expect((await settings()).database?.['drift']).toEqual([]);
  });
});

describe('nothing is lost or done twice', () => {
  const waiting = async (ctx: Awaited<ReturnType<typeof openTold>>['ctx']) => {
    const queue = ctx.queues.all.find(({ name }) => name === refetchQueue);
    return (await queue?.getJobs())?.map(({ data }) => data.connectionId) ?? [];
  };

  it('when the process dies before anybody was woken', async () => {
    const { simulator, ctx, id, tell, makeDue, shop } = await openTold();
    await tell(idOf(simulator, 0));
    await eventually('somebody is woken', async () => (await waiting(ctx)).includes(id));
    await shop.emptyRedis();
    expect(await waiting(ctx)).toEqual([]);
    await makeDue();
    await lookAfter(ctx, 60);
    expect(await waiting(ctx)).toContain(id);
  });

  it('when whoever has the record in hand dies; one who comes back late writes nothing', async () => {
    const { simulator, tell, refetch, makeDue, ctx, turn, rows, ledger } = await openTold();
    const page = idOf(simulator, 0);
    simulator.store.rename(page, 'Before');
    await tell(page);
    const hold = simulator.holds.add({ match: { path: '/pages/' } });
    await makeDue();
    const late = refetchSignalled(ctx, turn());
    await simulator.holds.untilHeld(hold);
    const taken = refetchSignalled(ctx, turn());
    await simulator.holds.untilHeld(hold, 2);
    simulator.holds.release();
    await Promise.all([late, taken]);
    expect((await rows())[page]).toMatchObject({ name: 'Before' });
    expect(await ledger()).toMatchObject([{ status: 'done', outcome: 'written', attempts: 1 }]);
    await refetch();
  });

  it('when whoever has the record in hand is told to stop: it is given back, and that was no attempt', async () => {
    const { simulator, ctx, turn, tell, makeDue, ledger } = await openTold();
    await tell(idOf(simulator, 0));
    await makeDue();
    const stop = new AbortController();
    const hold = simulator.holds.add({ match: { path: '/pages/' } });
    const stopped = refetchSignalled(ctx, turn({ signal: stop.signal }));
    await simulator.holds.untilHeld(hold);
    stop.abort();
    simulator.holds.release();
    await stopped;
    expect(await ledger()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  });

  it('when one who comes back late has something else to tell: not even a failure is left of it', async () => {
    const { simulator, tell, refetch, makeDue, ctx, turn, rows, items, ledger } = await openTold();
    const page = idOf(simulator, 0);
    const { holds, store } = simulator;
    store.poison(page, { last_edited_time: 7 });
    await tell(page);
    await makeDue();
    const answered = holds.add({ match: { path: '/pages/', times: 1 }, stage: 'answer' });
    const late = refetchSignalled(ctx, turn());
    await holds.untilHeld(answered);
    store.poison(page, {});
    store.rename(page, 'As it is by now');
    const asked = holds.add({ match: { path: '/pages/', times: 1 } });
    const taken = refetchSignalled(ctx, turn());
    await holds.untilHeld(asked);
    holds.release({ id: answered });
    await late;
    expect(await items()).toEqual([]);
    expect(await ledger()).toMatchObject([{ status: 'in_hand', outcome: null }]);
    holds.release({ id: asked });
    await taken;
    expect((await rows())[page]).toMatchObject({ name: 'As it is by now' });
    expect(await items()).toEqual([]);
    await refetch();
  });

  it('while the connection is paused: it waits', async () => {
    const { simulator, tell, refetch, asked, connection, rows } = await openTold();
    const page = idOf(simulator, 0);
    const { id } = await connection();
    await sql`update connections set status = 'paused' where id = ${id}`.execute(bed.db);
    simulator.store.rename(page, 'Meanwhile');
    await tell(page);
    asked();
    expect(await refetch()).toEqual({ kind: 'done' });
    expect(asked()).toBe(0);
    await sql`update connections set status = 'active' where id = ${id}`.execute(bed.db);
    await refetch();
    expect((await rows())[page]).toMatchObject({ name: 'Meanwhile' });
  });

  it('and the ledger stays within bounds: what was settled long ago goes, what waited for too long is passed over', async () => {
    const { simulator, ctx, tell, refetch, ledger } = await openTold();
    await tell(idOf(simulator, 0));
    await refetch();
    await tell(idOf(simulator, 1));
    await sql`update webhook_deliveries set received_at = received_at - interval '8 days',
      settled_at = settled_at - interval '8 days'`.execute(bed.db);
    await lookAfter(ctx, 60);
    expect(await ledger()).toMatchObject([{ status: 'done', outcome: 'expired' }]);
  });
});

it('many that nobody has signed, at once, have the keys opened once', async () => {
  const { ctx, id: connectionId } = await openTold();
  let opened = 0;
  const open: typeof ctx.vault.open = (...secret) => {
    opened += 1;
    return ctx.vault.open(...secret);
  };
  const door = openWebhookDoor({ ...ctx, vault: { ...ctx.vault, open } });
  const forged = { headers: {}, body: Buffer.from('{}') };
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, () => door.receive(notion, { connectionId }, forged)),
  );
  for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'WEBHOOK_REFUSED' } });
  // The credentials, and the key of the handshake.
  expect(opened).toBe(2);
});
