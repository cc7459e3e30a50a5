import { eventually, type ServiceProcess } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, type Company, createCompany, type Progress } from './clinics.js';

const small = { patients: 30, appointments: 45, groupAppointments: 2 };
const healthy = Array.from({ length: 16 }, (_, i) => `clinic-${i + 1}`);
const poisoned = 3;

/** The kinds of records with the tables and columns that they are kept in. */
const kept = [
  ['businesses', 'cliniko_business_id'],
  ['practitioners', 'cliniko_practitioner_id'],
  ['appointment_types', 'cliniko_appointment_type_id'],
  ['patients', 'cliniko_patient_id'],
  ['appointments', 'cliniko_appointment_id'],
  ['group_appointments', 'cliniko_group_appointment_id'],
  ['attendees', 'cliniko_attendee_id'],
] as const;

let company: Company;
const ends: Record<string, Progress> = {};

beforeAll(async () => {
  company = await createCompany({
    large: { vendor: { patients: 1_000, appointments: 500, groupAppointments: 0 } },
    throttled: { vendor: { ...small, quirks: { quota: { requests: 4, windowSeconds: 2 } } } },
    'locked-out': { vendor: small, apiKey: 'somebody-elses-key-au4' },
    poisoned: { vendor: small },
    ...Object.fromEntries(healthy.map((slug, i) => [slug, { vendor: { ...small, seed: i + 2 } }])),
  });
  const { store } = clinic('poisoned').simulator;
  for (const id of store.ids('patients').slice(0, poisoned)) {
    store.set('patients', id, { fields: { patient_phone_numbers: 'see the file' } });
  }

  // The large one is first in all queues, and its vendor keeps it waiting until the others are through.
  const large = clinic('large');
  const { holds } = large.simulator;
  const hold = holds.add({ match: { path: '/patients', after: 6 } });
  const syncId = await large.start();
  const workers = [await company.startWorker(), await company.startWorker(), await company.startWorker()];
  const others = Object.values(company.clinics).filter((one) => one !== large);
  const theirs = await Promise.all(others.map(async (one) => ({ one, id: await one.start() })));
  await holds.untilHeld(hold, 1, AbortSignal.timeout(60_000));
  await killWhoeverSyncs('large', syncId, workers);
  await Promise.all(theirs.map(async ({ one, id }) => (ends[one.slug] = await one.ended(id))));
  expect((await large.progress(syncId)).status, 'nobody has waited for the large one').toBe('running');
  holds.release({ id: hold });
  ends[large.slug] = await large.ended(syncId);
});
afterAll(() => company.close());

function clinic(slug: string): Clinic {
  const found = company.clinics[slug];
  if (found === undefined) throw new Error(`there is no clinic ${slug}`);
  return found;
}

/** Kills the worker that holds the clinic's run of patients, in the middle of it. */
async function killWhoeverSyncs(slug: string, syncId: string, workers: readonly ServiceProcess[]): Promise<void> {
  const holder = await eventually(`${slug} to be in the middle of its patients`, async () => {
    const run = await company.bed.db
      .selectFrom('sync_progress')
      .select(['worker', 'pages', 'status'])
      .where('sync_job_id', '=', syncId)
      .where('entity', '=', 'patients')
      .executeTakeFirst();
    return run?.status === 'running' && run.pages >= 3 && run.worker;
  });
  const worker = workers.find((one) => one.output().includes(String(holder)));
  if (worker === undefined) throw new Error('the run is held by a process that nobody knows');
  await worker.kill('SIGKILL');
}

/** What the organization has in a table, by the vendor's ids. */
async function rowsOf({ organizationId }: Clinic, table: string, key: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select ${sql.ref(key)} as id from ${sql.table(table)} where organization_id = ${organizationId}
    order by 1`.execute(company.bed.db);
  return rows.map(({ id }) => id);
}

async function expectWhole(one: Clinic, missing: readonly string[] = []): Promise<void> {
  for (const [entity, key] of kept) {
    const there = one.simulator.store.ids(entity).filter((id) => !missing.includes(id));
    expect(await rowsOf(one, entity, key), `${entity} of ${one.slug}`).toEqual(there.sort());
  }
}

describe('twenty clinics with three workers, of which one is killed', () => {
  it.each(healthy)('%s, where nothing is wrong, is whole, and does not wait for the large one', async (slug) => {
    expect(ends[slug]).toMatchObject({ status: 'completed', progress_percentage: 100, errors: [] });
    await expectWhole(clinic(slug));
  });

  it('the large one goes on elsewhere when its worker is killed, and is whole', async () => {
    expect(ends['large']).toMatchObject({ status: 'completed', progress_percentage: 100, errors: [] });
    await expectWhole(clinic('large'));
  });

  it('the one that its vendor throttles takes longer, and is whole', async () => {
    expect(ends['throttled']).toMatchObject({ status: 'completed', errors: [] });
    await expectWhole(clinic('throttled'));
  });

  it('the one whose key is refused says so, and has to be signed in again', async () => {
    const one = clinic('locked-out');
    expect(ends['locked-out']?.status).toBe('failed');
    expect(ends['locked-out']?.errors[0]).toMatchObject({ error_type: 'credentials_invalid' });
    const { body } = await one.ask('GET', `/api/v1/connections/${one.connectionId}`);
    expect(body).toMatchObject({ status: 'needs_reauth' });
    expect((await one.ask('GET', `/api/v1/cliniko/status/${one.slug}`)).body).toMatchObject({
      credentials_valid: false,
    });
  });

  it('the one with unreadable patients keeps them as failed items, and has all others', async () => {
    const one = clinic('poisoned');
    const bad = one.simulator.store.ids('patients').slice(0, poisoned).sort();
    await expectWhole(one, bad);
    const { body } = await one.ask('GET', '/api/v1/failed-items?limit=100');
    const items = body.data.map((item: { vendorId: string }) => item.vendorId);
    expect(items.sort()).toEqual(bad);
    for (const slug of [...healthy, 'large', 'throttled']) {
      expect((await clinic(slug).ask('GET', '/api/v1/failed-items')).body.data, slug).toEqual([]);
    }
  });

  it('none learns of another’s sync', async () => {
    const theirs = ends['large']?.sync_id;
    const { status } = await clinic('clinic-1').ask('GET', `/api/v1/sync/progress/${theirs}`);
    expect(status).toBe(404);
    expect((await clinic('clinic-1').ask('GET', '/api/v1/sync/history/large')).status).toBe(404);
    expect((await clinic('clinic-1').ask('GET', '/api/v1/sync/history/clinic-1')).body).toMatchObject({
      total_syncs: 1,
    });
  });
});
