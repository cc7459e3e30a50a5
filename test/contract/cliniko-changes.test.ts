import type { Scope } from '@syncline/connector-kit';
import { cliniko } from '@syncline/connectors';
import { describe, expect, it } from 'vitest';
import { entityNames, openCliniko } from './cliniko-vendor.js';

const day = 86_400_000;

describe('whatever the vendor does where its documents leave it open', () => {
  it.each([
    ['cancelled appointments are listed anyway', { cancelledHidden: false }],
    ['links lead to another host, as behind a proxy', { linkOrigin: 'https://proxy.example' }],
  ])('every record is read, once: %s', async (_, quirks) => {
    const { simulator, read } = await openCliniko({ patients: 120, quirks });
    for (const name of entityNames) {
      const { times } = await read(name);
      expect([...times.keys()].sort(), name).toEqual(simulator.store.ids(name).sort());
      expect(new Set(times.values()), name).toEqual(new Set([1]));
    }
  });

  it('a server that does not keep the order is not taken for one that has no more', async () => {
    const { read } = await openCliniko({ patients: 230, quirks: { sortIgnored: true } });
    await expect(read('patients')).rejects.toMatchObject({ code: 'UPSTREAM_BAD_BODY' });
  });
});

describe('while a list is read', () => {
  it('nothing is missed of what was there before, whatever is edited, added, archived and removed', async () => {
    const { simulator, read } = await openCliniko({ patients: 330 });
    const { store, clock } = simulator;
    const doomed = new Set<string>();
    const meddle = (page: number) => {
      clock.advance(5);
      store.mutate({ seed: page, edits: { patients: 20 }, adds: { patients: 3 }, archives: { patients: 5 } });
      const victim = store.ids('patients')[page * 80] ?? '';
      doomed.add(victim);
      store.remove('patients', victim);
    };
    const before = store.ids('patients');
    for (const since of [undefined, new Date('2000-01-01T00:00:00Z')]) {
      const { records, pages } = await read('patients', { ...(since && { since }), betweenPages: meddle });
      expect(pages).toBeGreaterThan(3);
      expect(before.filter((id) => !records.has(id) && !doomed.has(id))).toEqual([]);
    }
  });

  it('an import of hundreds of patients in one second is read whole, in full and by change', async () => {
    const { simulator, read } = await openCliniko({ patients: 350 });
    const { store } = simulator;
    const at = new Date('2026-03-03T03:03:03Z');
    const created = store.shareCreation('patients', 320, at);
    const changed = store.shareTimestamp('patients', 320, { at });
    const full = await read('patients');
    expect(created.filter((id) => full.times.get(id) !== 1)).toEqual([]);
    const since = await read('patients', { since: at });
    expect(changed.filter((id) => since.times.get(id) !== 1)).toEqual([]);
  });
});

describe('what an incremental sync brings', () => {
  it('is what was archived, merged and cancelled, too', async () => {
    const { simulator, read } = await openCliniko({ patients: 60 });
    const { store, clock } = simulator;
    const since = new Date(clock.nowMs() + 2_000);
    clock.advance(10);
    const [archived = '', loser = '', winner = ''] = store
      .records('patients')
      .flatMap(({ id, archived_at }) => (archived_at ? [] : [String(id)]));
    store.archive('patients', archived);
    store.merge(loser, winner);
    const { records } = await read('patients', { since });
    const tombstone = (id: string) => {
      const outcome = records.get(id);
      return outcome && 'ok' in outcome ? outcome.ok.values : {};
    };
    expect([...records.keys()].sort()).toEqual([archived, loser].sort());
    expect(tombstone(archived)['archived_at']).not.toBeNull();
    expect(tombstone(loser)).toMatchObject({ cliniko_merged_with_patient_id: winner });

    const [cancelled = ''] = store
      .records('appointments')
      .flatMap(({ id, cancelled_at }) => (cancelled_at ? [] : [String(id)]));
    store.cancel('appointments', cancelled, 60);
    const appointments = await read('appointments', { since });
    expect(appointments.records.get(cancelled)).toMatchObject({ ok: { values: { cancellation_reason: 'Work' } } });
  });

  it('is a practitioner who left, and one who came back', async () => {
    const { simulator, read } = await openCliniko({ practitioners: 9 });
    const { store, clock } = simulator;
    const since = new Date(clock.nowMs() + 2_000);
    clock.advance(10);
    const of = (active: boolean) =>
      String(store.records('practitioners').find((one) => one['active'] === active)?.['id']);
    const [leaving, returning] = [of(true), of(false)];
    store.set('practitioners', leaving, { fields: { active: false } });
    store.set('practitioners', returning, { fields: { active: true } });
    const { records } = await read('practitioners', { since });
    expect([...records.keys()].sort()).toEqual([leaving, returning].sort());
    expect(records.get(leaving)).toMatchObject({ ok: { values: { is_active: false } } });
    expect(records.get(returning)).toMatchObject({ ok: { values: { is_active: true } } });
  });
});

describe('the scope of active patients', () => {
  /** What lies in the scope by the simulator's own records. */
  function truth(store: Awaited<ReturnType<typeof openCliniko>>['simulator']['store'], scope: Scope) {
    const within = (kind: 'appointments' | 'group_appointments') =>
      store.records(kind).filter(({ starts_at }) => {
        const at = Date.parse(String(starts_at));
        return at >= scope.from.getTime() && at <= scope.to.getTime();
      });
    const [single, groups] = [within('appointments'), within('group_appointments')];
    const patients = new Set([
      ...single.map((one) =>
        (one as unknown as { patient: { links: { self: string } } }).patient.links.self.split('/').at(-1),
      ),
      ...groups.flatMap((one) => one['patient_ids'] as string[]),
    ]);
    const ids = (records: readonly Record<string, unknown>[]) => records.map(({ id }) => String(id)).sort();
    return { appointments: ids(single), group_appointments: ids(groups), patients: [...patients].sort() };
  }

  it('is patients with an appointment around now, each once, and these appointments, hidden ones too', async () => {
    const { simulator, read, asked } = await openCliniko({
      patients: 400,
      appointments: 1_500,
      groupAppointments: 150,
    });
    const now = simulator.clock.nowMs();
    const scope: Scope = { name: 'active', from: new Date(now - 30 * day), to: new Date(now + 10 * day) };
    const wanted = truth(simulator.store, scope);
    expect(wanted.appointments.length).toBeGreaterThan(100);
    expect(wanted.patients.length).toBeLessThan(simulator.store.ids('patients').length * 0.8);
    for (const name of ['appointments', 'group_appointments'] as const) {
      const { records } = await read(name, { scope });
      expect([...records.keys()].sort(), name).toEqual(wanted[name]);
    }
    simulator.requests.reset();
    const { times, pages } = await read('patients', { scope });
    expect([...times.keys()].sort()).toEqual(wanted.patients);
    expect(new Set(times.values())).toEqual(new Set([1]));
    // A request for each page of appointments, and at most one for the patients that are new in it.
    expect(pages).toBeGreaterThan(3);
    expect(asked(/_appointments$/)).toBe(pages);
    expect(asked(/\/patients$/)).toBeLessThanOrEqual(pages);
  });

  it('brings the practice as a whole, so that appointments lead somewhere', async () => {
    const { simulator, read } = await openCliniko();
    const scope: Scope = { name: 'active', from: new Date(0), to: new Date(1) };
    for (const name of ['businesses', 'practitioners', 'appointment_types'] as const) {
      expect((await read(name, { scope })).records.size).toBe(simulator.store.ids(name).length);
    }
    for (const name of ['patients', 'appointments', 'group_appointments'] as const) {
      expect((await read(name, { scope })).records.size).toBe(0);
    }
    expect(cliniko.entities.filter(({ scopes }) => scopes?.includes('active')).map(({ name }) => name)).toHaveLength(6);
  });
});

describe('one record', () => {
  it('is found by its id when it is hidden in lists as well', async () => {
    const { simulator, one } = await openCliniko({ patients: 90 });
    for (const name of ['patients', 'appointments', 'attendees'] as const) {
      for (const mark of ['archived_at', 'cancelled_at', 'deleted_at']) {
        const hidden = simulator.store.records(name).find((record) => record[mark]);
        if (hidden !== undefined) expect(await one(name, String(hidden['id'])), `${name} ${mark}`).toEqual(hidden);
      }
    }
  });
});

describe('an answer that is none', () => {
  it.each(['garbage', 'truncated', 'html', 'null', 'object', 'empty', '[]', '{"patients":{}}', '{"message":"later"}'])(
    'is never taken for no patients: status 200 and %s',
    async (body) => {
      const { simulator, read } = await openCliniko({ patients: 10 });
      simulator.faults.add({ match: { path: '/patients' }, action: { body } });
      await expect(read('patients')).rejects.toMatchObject({ code: 'UPSTREAM_BAD_BODY' });
    },
  );
});

it('a 429 is a rest until the moment that the vendor names, for it names no number of seconds', async () => {
  const { simulator, read } = await openCliniko({ patients: 150 });
  const reset = Math.floor(Date.now() / 1_000) + 20;
  const fault = simulator.faults.add({
    match: { path: '/patients', nth: 2 },
    action: { status: 429, headers: { 'X-RateLimit-Reset': String(reset) }, body: '' },
  });
  const failed = await read('patients').catch((error: unknown) => error);
  const failure = failed as { code?: string; resumeAt?: Date };
  expect(simulator.faults.hits(fault)).toBe(1);
  expect(failure.code).toBe('UPSTREAM_RATE_LIMITED');
  const restMs = (failure.resumeAt?.getTime() ?? 0) - reset * 1_000;
  expect(restMs).toBeGreaterThan(0);
  expect(restMs).toBeLessThan(3_000);
});
