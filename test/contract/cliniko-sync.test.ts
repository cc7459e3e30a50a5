import { cliniko } from '@syncline/connectors';
import type { Entity } from '@syncline/connectors/cliniko/simulator';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClinic } from './clinic.js';

type Row = Record<string, unknown>;
interface Linked {
  readonly links: { readonly self: string };
}

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const tables = cliniko.entities.map(({ name, table }) => ({ name: name as Entity, table: table.name, key: table.key }));
const idOf = (link: unknown) => (link as Linked | null)?.links.self.split('/').at(-1);
const iso = (value: unknown) => (value instanceof Date ? value.toISOString() : value);
const time = (value: unknown) => (value ? new Date(String(value)).toISOString() : null);
const counts = (runs: Record<string, Row>, name: string) =>
  Object.fromEntries(
    ['created', 'updated', 'unchanged', 'failed', 'deleted'].map((what) => [what, runs[name]?.[`records_${what}`]]),
  );
const nothing = { created: 0, updated: 0, unchanged: 0, failed: 0, deleted: 0 };

describe('a clinic', () => {
  it('is in its tables after a full sync, linked, with what is out of use marked; another one writes nothing', async () => {
    const { simulator, sync, rows } = await openClinic(bed, { patients: 150 });
    const { store } = simulator;
    const first = await sync('full');
    expect(first.status).toBe('succeeded');
    for (const { name, table, key } of tables) {
      const found = await rows(table, key);
      expect(Object.keys(found).sort(), name).toEqual(store.ids(name).sort());
      for (const record of store.records(name)) {
        const row = found[String(record['id'])];
        expect(row?.['cliniko_data']).toEqual(record);
        expect(iso(row?.['source_updated_at'])).toBe(time(record['updated_at']));
        const outOfUse = record['deleted_at'] || record['merged_at'] || record['archived_at'];
        expect(iso(row?.['deleted_at'])).toBe(time(outOfUse));
        expect(row?.['sync_flags']).toBeNull();
      }
    }
    const [appointments, patients] = [
      await rows('appointments', 'cliniko_appointment_id'),
      await rows('patients', 'cliniko_patient_id'),
    ];
    const practitioners = await rows('practitioners', 'cliniko_practitioner_id');
    for (const record of store.records('appointments')) {
      const row = appointments[String(record['id'])];
      expect(row?.['patient_id']).toBe(patients[idOf(record['patient']) ?? '']?.['id']);
      expect(row?.['practitioner_id']).toBe(practitioners[idOf(record['practitioner']) ?? '']?.['id']);
      expect([row?.['business_id'], row?.['appointment_type_id']].includes(null)).toBe(false);
    }
    const groups = await rows('group_appointments', 'cliniko_group_appointment_id');
    for (const row of Object.values(await rows('attendees', 'cliniko_attendee_id'))) {
      const booking = String(row['cliniko_booking_id']);
      expect(row['appointment_id']).toBe(appointments[booking]?.['id'] ?? null);
      expect(row['group_appointment_id']).toBe(groups[booking]?.['id'] ?? null);
      expect(row['appointment_id'] === null).toBe(row['group_appointment_id'] !== null);
    }

    const second = await sync('full');
    for (const { name } of tables) {
      expect(counts(second.runs, name), name).toEqual({ ...nothing, unchanged: store.ids(name).length });
    }
  });

  it('brings what changed with an incremental sync: archived, merged, cancelled, back in use', async () => {
    const { simulator, sync, rows } = await openClinic(bed, { patients: 60 });
    const { store, clock } = simulator;
    await sync('full');
    clock.advance(3_600);
    const inUse = store.records('patients').flatMap(({ id, archived_at }) => (archived_at ? [] : [String(id)]));
    const [archived = '', loser = '', winner = '', edited = '', mergedOnly = ''] = inUse;
    const back = String(store.records('patients').find(({ archived_at }) => archived_at)?.['id']);
    store.archive('patients', archived);
    store.merge(loser, winner);
    store.edit('patients', edited);
    store.set('patients', mergedOnly, { fields: { merged_at: '2026-02-02T02:02:02Z' } });
    store.unarchive('patients', back);
    store.set('patients', back, { fields: { merged_at: null, merged_with_patient: null } });
    const added = store.add('patients', { last_name: 'New' });
    const cancelled = String(store.records('appointments').find((one) => !one['cancelled_at'])?.['id']);
    store.cancel('appointments', cancelled);

    const { status, runs } = await sync('incremental');
    expect(status).toBe('succeeded');
    expect(counts(runs, 'patients')).toMatchObject({ created: 1, updated: 5, deleted: 0 });
    expect(counts(runs, 'appointments')).toMatchObject({ created: 0, updated: 1 });
    expect(runs['patients']?.['mode']).toBe('incremental');
    const patients = await rows('patients', 'cliniko_patient_id');
    const deletedAt = (id: string) => iso(patients[id]?.['deleted_at']);
    expect(deletedAt(archived)).toBe(time(store.record('patients', archived)?.['archived_at']));
    expect(deletedAt(loser)).toBe(time(store.record('patients', loser)?.['merged_at']));
    expect(deletedAt(mergedOnly)).toBe('2026-02-02T02:02:02.000Z');
    expect(patients[loser]).toMatchObject({ cliniko_merged_with_patient_id: winner });
    expect([deletedAt(edited), deletedAt(back), deletedAt(added)]).toEqual([null, null, null]);
    const view = await rows('appointments_with_status', 'cliniko_appointment_id');
    expect(view[cancelled]).toMatchObject({ status: 'cancelled', deleted_at: null });

    // A full sync meets what is archived, and does not take it for alive.
    const again = await sync('full');
    expect(counts(again.runs, 'patients')).toEqual({ ...nothing, unchanged: store.ids('patients').length });
    expect((await rows('patients', 'cliniko_patient_id'))[archived]?.['deleted_at']).not.toBeNull();
  });

  it('loses from its tables what nobody can see any more, with a full sync, and finds it again', async () => {
    const { simulator, sync, rows } = await openClinic(bed, { patients: 40 });
    const { store } = simulator;
    await sync('full');
    const archived = String(store.records('patients').find(({ archived_at }) => archived_at)?.['id']);
    const byVendor = time(store.record('patients', archived)?.['archived_at']);
    const live = String(store.records('patients').find(({ archived_at }) => !archived_at)?.['id']);
    for (const id of [archived, live]) store.remove('patients', id);
    // What is out of use already is not deleted a second time.
    expect(counts((await sync('full')).runs, 'patients')).toMatchObject({ deleted: 1, updated: 0 });
    const deletedAt = async (id: string) => iso((await rows('patients', 'cliniko_patient_id'))[id]?.['deleted_at']);
    expect(await deletedAt(live)).not.toBeNull();
    expect(await deletedAt(archived)).toBe(byVendor);
    store.restore('patients', live);
    expect(counts((await sync('full')).runs, 'patients')).toMatchObject({ updated: 1, deleted: 0 });
    expect(await deletedAt(live)).toBeNull();
  });
});

describe('a sync by the name of a mode', () => {
  it('reads patients only, or patients and appointments with what these refer to', async () => {
    const { sync } = await openClinic(bed, { patients: 20 });
    expect(Object.keys((await sync('full', 'patients-only')).runs)).toEqual(['patients']);
    const basic = Object.keys((await sync('incremental', 'basic')).runs).sort();
    expect(basic).toEqual(['appointment_types', 'appointments', 'businesses', 'patients', 'practitioners']);
  });

  it('active brings the patients around now with their appointments, and moves and deletes nothing else', async () => {
    const { simulator, sync, rows, states } = await openClinic(bed, { patients: 120, appointments: 200 });
    const { status, runs } = await sync('full', 'active');
    expect(status).toBe('succeeded');
    expect(await states()).toEqual([]);
    const appointments = await rows('appointments', 'cliniko_appointment_id');
    const now = simulator.clock.nowMs();
    const month = 30 * 86_400_000;
    const around = simulator.store
      .records('appointments')
      .filter(({ starts_at }) => Math.abs(Date.parse(String(starts_at)) - now) < month);
    expect(Object.keys(appointments).sort()).toEqual(around.map(({ id }) => String(id)).sort());
    const patients = await rows('patients', 'cliniko_patient_id');
    const known = Object.keys(patients).length;
    expect(known).toBeLessThan(simulator.store.ids('patients').length);
    expect(runs['patients']?.['records_created']).toBe(known);
    for (const row of Object.values(appointments)) {
      expect([row['patient_id'], row['practitioner_id'], row['business_id']].includes(null)).toBe(false);
    }
    expect(runs['attendees']).toBeUndefined();
  });
});

it('a key that was revoked ends the sync, and says that the connection needs another one', async () => {
  const { simulator, sync, connection } = await openClinic(bed, { patients: 5 });
  simulator.revokeKey(true);
  const { status, runs } = await sync('full');
  expect(status).toBe('failed');
  expect(runs['businesses']).toMatchObject({ status: 'failed', error_code: 'UPSTREAM_AUTH' });
  expect(await connection()).toMatchObject({ status: 'needs_reauth' });
});
