import { describe, expect, it, onTestFinished } from 'vitest';
import type { VendorRecord } from './data/entities.js';
import type { SimulatorOptions } from './options.js';
import { startSimulator } from './start-simulator.js';

interface List {
  readonly total_entries: number;
  readonly links: Record<string, string>;
  readonly [key: string]: unknown;
}

/** A small vendor with a client that is let in, gone when the test ends. */
async function startVendor(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ patients: 60, ...options });
  onTestFinished(() => simulator.close());
  const headers = (over: Record<string, string> = {}) => ({
    authorization: `Basic ${btoa(`${simulator.credentials.apiKey}:`)}`,
    'user-agent': 'Test (test@clinic.example)',
    ...over,
  });
  const get = (path: string, over?: Record<string, string>) =>
    fetch(new URL(path, simulator.url), { headers: headers(over) });
  const list = async (path: string, ...filters: string[]) => {
    const query = filters.map((filter) => `q[]=${encodeURIComponent(filter)}`).join('&');
    const response = await get(`${path}${path.includes('?') ? '&' : '?'}${query}`);
    return { status: response.status, body: (await response.json()) as List };
  };
  const rows = async (path: string, ...filters: string[]) => {
    const { body } = await list(path, ...filters);
    return body[path.split(/[/?]/)[0] ?? ''] as VendorRecord[];
  };
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return (await fetch(`${simulator.origin}/__simulator/${path}`, init)).json();
  };
  return { simulator, store: simulator.store, get, list, rows, control };
}

describe('who comes in', () => {
  it('has the key, with or without its shard, and no password', async () => {
    const { get, simulator } = await startVendor();
    const as = async (text: string) => (await get('user', { authorization: `Basic ${btoa(text)}` })).status;
    expect(await as('simulated-key-au4:')).toBe(200);
    expect(await as('simulated-key:')).toBe(200);
    expect([await as('simulated-key-au4:x'), await as('other-au4:'), await as('simulated-key-au4')]).toEqual([
      401, 401, 401,
    ]);
    expect((await get('user', { authorization: '' })).status).toBe(401);
    simulator.revokeKey(true);
    expect((await get('user')).status).toBe(401);
  });

  it('says who he is, and whom to write to', async () => {
    const { get, simulator } = await startVendor();
    for (const agent of ['node', 'App ()', 'App (nobody)', '(a@b.example)']) {
      expect((await get('user', { 'user-agent': agent })).status, agent).toBe(403);
    }
    simulator.setQuirks({ userAgentRequired: false });
    expect((await get('user', { 'user-agent': 'node' })).status).toBe(200);
  });

  it('comes 200 times a minute, and is told when the next one is due, and not in how many seconds', async () => {
    const { get, simulator } = await startVendor({ quirks: { quota: { requests: 3, windowSeconds: 60 } } });
    const { clock } = simulator;
    clock.stop(true);
    clock.set(Date.parse('2026-01-01T00:00:10Z'));
    for (let i = 0; i < 3; i += 1) expect((await get('user')).status).toBe(200);
    const refused = await get('user');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(Date.parse('2026-01-01T00:01:10Z') / 1_000));
    expect(refused.headers.get('retry-after')).toBeNull();
    clock.advance(60);
    expect((await get('user')).status).toBe(200);
    expect((await startSimulator().then(closing)).quirks.quota).toEqual({ requests: 200, windowSeconds: 60 });
  });
});

async function closing<T extends { close(): Promise<void> }>(simulator: T): Promise<T> {
  await simulator.close();
  return simulator;
}

describe('a list', () => {
  it('comes in pages, in the order of creation, with links at its inner ends only', async () => {
    const { list, store } = await startVendor({ patients: 130 });
    const all = 'archived_at:*';
    const first = (await list('patients', all)).body;
    expect((first['patients'] as VendorRecord[]).map(({ id }) => id)).toEqual(store.ids('patients').slice(0, 50));
    expect([first.total_entries, Object.keys(first.links)]).toEqual([130, ['self', 'next']]);
    const last = (await list('patients?page=2&per_page=100', all)).body;
    expect(last['patients']).toHaveLength(30);
    expect(Object.keys(last.links)).toEqual(['self', 'previous']);
    const next = new URL(first.links['next'] ?? '');
    expect([next.searchParams.get('page'), next.searchParams.get('q[]')]).toEqual(['2', all]);
    for (const wrong of ['per_page=101', 'per_page=0', 'page=0', 'sort=nonsense', 'sort=created_at:up']) {
      expect((await list(`patients?${wrong}`)).status, wrong).toBe(400);
    }
  });

  it('hides what is archived, deleted or cancelled, unless a filter speaks of it', async () => {
    const { rows, simulator, store } = await startVendor({ appointments: 90 });
    const everything = ['archived_at:*', 'deleted_at:*', 'cancelled_at:*'];
    const page = 'individual_appointments?per_page=100&sort=id';
    const marks = (record: VendorRecord) =>
      ['archived_at', 'deleted_at', 'cancelled_at'].filter((mark) => record[mark]);
    const has = (records: VendorRecord[], mark: string) => records.some((record) => marks(record).includes(mark));
    expect((await rows(page)).flatMap(marks)).toEqual([]);
    const shown = await rows(page, ...everything);
    for (const mark of ['archived_at', 'deleted_at', 'cancelled_at']) expect(has(shown, mark), mark).toBe(true);
    simulator.setQuirks({ cancelledHidden: false });
    expect(has(await rows(page), 'cancelled_at')).toBe(true);
    expect(shown).toHaveLength(store.ids('appointments').length);
  });

  it('of practitioners is one of those who are there, and one of those who are not', async () => {
    const { rows, store } = await startVendor();
    const [active, inactive] = [await rows('practitioners'), await rows('practitioners/inactive')];
    expect([active.every(({ active }) => active), inactive.some(({ active }) => active)]).toEqual([true, false]);
    expect([active.length, inactive.length]).toEqual([4, 2]);
    expect([...active, ...inactive].map(({ id }) => id).toSorted()).toEqual(store.ids('practitioners').toSorted());
  });

  it.each<[string, string, (record: VendorRecord) => boolean]>([
    ['patients', 'last_name:=OKORO', ({ last_name }) => last_name === 'Okoro'],
    ['patients', 'first_name:~an', ({ first_name }) => String(first_name).toLowerCase().includes('an')],
    ['patients', 'email:~~patient1%@mail%', ({ email }) => String(email).startsWith('patient1')],
    ['patients', 'date_of_birth:>=1980-01-01', ({ date_of_birth }) => String(date_of_birth) >= '1980-01-01'],
    ['patients', 'date_of_birth:=****-05-**', ({ date_of_birth }) => String(date_of_birth).slice(5, 7) === '05'],
    ['patients', 'archived_at:?', ({ archived_at }) => Boolean(archived_at)],
    ['patients', 'archived_at:!?', ({ archived_at }) => !archived_at],
    ['businesses', 'show_in_online_bookings:=false', () => false],
  ])('%s?q[]=%s finds these and no others', async (path, filter, fits) => {
    const { rows, store } = await startVendor();
    const lifted = filter.startsWith('archived_at') ? [filter] : [filter, 'archived_at:*'];
    const found = await rows(`${path}?per_page=100`, ...lifted);
    const wanted = store.records(path as 'patients').filter(fits);
    expect(found.map(({ id }) => id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
  });

  it('finds by several ids, by the ids behind links, and by bounds of ids beyond 2^53', async () => {
    const { rows, store } = await startVendor();
    const ids = store.ids('patients');
    const [one = '', other = ''] = ids;
    expect((await rows('patients', `id:=${one},${other}`, 'archived_at:*')).map(({ id }) => id)).toEqual([one, other]);
    const bound = ids.filter((id) => id.length === 18).toSorted()[7] ?? '';
    expect(Number.isSafeInteger(Number(bound))).toBe(false);
    const above = await rows('patients?per_page=100&sort=id', `id:>${bound}`, 'archived_at:*');
    expect(above.map(({ id }) => id)).toEqual(ids.filter((id) => BigInt(id) > BigInt(bound)).toSorted());
    const all = ['archived_at:*', 'deleted_at:*', 'cancelled_at:*'];
    const appointment = store.records('appointments')[5] as { patient: { links: { self: string } } };
    const patient = appointment.patient.links.self.split('/').at(-1) ?? '';
    for (const found of await rows('individual_appointments', `patient_id:=${patient}`, ...all)) {
      expect(found['patient']).toEqual(appointment.patient);
    }
  });

  it('knows times more exactly than it shows them', async () => {
    const { rows, store, simulator } = await startVendor();
    simulator.clock.set(Date.parse('2030-01-01T00:00:00.700Z'));
    simulator.clock.stop(true);
    const [id = ''] = store.ids('appointment_types');
    store.edit('appointment_types', id);
    expect(store.record('appointment_types', id)?.['updated_at']).toBe('2030-01-01T00:00:00Z');
    const found = async (filter: string) => (await rows('appointment_types', filter, 'archived_at:*')).length;
    expect(await found('updated_at:>=2030-01-01T00:00:00Z')).toBe(1);
    expect(await found('updated_at:>2030-01-01T00:00:00Z')).toBe(1);
    const upTo = await rows('appointment_types', 'updated_at:<=2030-01-01T00:00:00Z', 'archived_at:*');
    expect(upTo.map((record) => record['id'])).not.toContain(id);
  });

  it.each([
    ['patients', 'recall_at:?', 'recall_at is not filterable'],
    ['patients', 'deleted_at:*', 'deleted_at is not filterable'],
    ['patients', 'updated_at:=2026-01-01T00:00:00Z', 'Filter operator for updated_at is not valid'],
    ['patients', 'updated_at:>=yesterday', 'Filter value for updated_at must be a datetime'],
    ['patients', 'id:>abc', 'Filter value for id must be a number'],
    ['practitioners', 'archived_at:*', 'archived_at is not filterable'],
  ])('%s refuses q[]=%s: %s', async (path, filter, message) => {
    const { list } = await startVendor();
    expect(await list(path, filter)).toEqual({ status: 400, body: { message } });
  });
});

describe('one record', () => {
  it('that is archived is not found, unless it is asked for as one', async () => {
    const { get, store } = await startVendor();
    const archived = store.records('patients').find(({ archived_at }) => archived_at)?.['id'];
    expect((await get(`patients/${archived}`)).status).toBe(404);
    expect(await (await get(`patients/${archived}?q[]=archived_at:*`)).json()).toMatchObject({ id: archived });
    expect((await get('patients/1')).status).toBe(404);
    expect((await get('nothing')).status).toBe(404);
  });
});

describe('the control endpoint', () => {
  it('adds, edits, archives, cancels, merges, removes and restores records', async () => {
    const { control, store } = await startVendor();
    const [loser = '', winner = ''] = store.ids('patients');
    const { id } = (await control('POST', 'records/patients', { fields: { last_name: 'New' } })) as { id: string };
    expect(store.record('patients', id)).toMatchObject({ last_name: 'New', archived_at: null });
    expect(await control('PATCH', `records/patients/${id}`, { fields: { email: 'x@y.example' } })).toMatchObject({
      email: 'x@y.example',
    });
    expect(await control('POST', `records/patients/${id}/archive`)).not.toMatchObject({ archived_at: null });
    expect(await control('POST', `records/patients/${id}/unarchive`)).toMatchObject({ archived_at: null });
    const merged = (await control('POST', `merge/${loser}/into/${winner}`)) as VendorRecord;
    expect(merged['merged_with_patient']).toEqual({ links: store.record('patients', winner)?.['links'] });
    const [appointment = ''] = store.ids('appointments');
    const cancelled = (await control('POST', `records/appointments/${appointment}/cancel`)) as VendorRecord;
    expect([cancelled['cancelled_at'] === null, cancelled['cancellation_reason']]).toEqual([false, 50]);
    expect(await control('DELETE', `records/patients/${winner}`)).toEqual({ removed: winner });
    expect(await control('GET', 'removed/patients')).toEqual([winner]);
    expect(await control('POST', `records/patients/${winner}/restore`)).toMatchObject({ id: winner });
  });

  it('breaks requests, sets the clock, switches quirks and remembers what was asked', async () => {
    const { control, get } = await startVendor();
    await control('POST', 'faults', { match: { path: '/patients' }, action: { status: 503 } });
    expect((await get('patients')).status).toBe(503);
    await control('DELETE', 'faults');
    await control('PUT', 'clock', { now: '2030-05-05T05:05:05Z', stopped: true });
    expect((await get('user')).headers.get('date')).toBe('Sun, 05 May 2030 05:05:05 GMT');
    expect(await control('PUT', 'quirks', { cancelledHidden: false })).toMatchObject({ cancelledHidden: false });
    expect(await control('GET', 'requests')).toMatchObject({ count: 2 });
    expect(await control('GET', 'state')).toMatchObject({ faultsHit: 1, counts: { patients: 60 } });
  });

  it('starts with the same data from the same seed, and from another with other data', async () => {
    const now = () => new Date('2026-05-05T05:05:05Z');
    const same = [await startVendor({ now, port: 0 }), await startVendor({ now })].map(({ simulator, store }) =>
      JSON.stringify(store.records('appointments')).replaceAll(simulator.origin, ''),
    );
    expect(same[0]).toBe(same[1]);
    const other = await startVendor({ now, seed: 2 });
    expect(JSON.stringify(other.store.records('appointments')).replaceAll(other.simulator.origin, '')).not.toBe(
      same[0],
    );
  });
});
