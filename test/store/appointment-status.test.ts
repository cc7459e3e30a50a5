import { randomUUID } from 'node:crypto';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const connectionId = randomUUID();
const hour = 3_600_000;

interface Facts {
  readonly hours?: number | null;
  readonly cancelled?: boolean;
  readonly noShow?: boolean | null;
  readonly arrived?: boolean | null;
}

/** An appointment of half an hour, so many hours from now. */
async function book(id: string, { hours = 1, cancelled = false, noShow = null, arrived = null }: Facts): Promise<void> {
  const starts = hours === null ? null : new Date(Date.now() + hours * hour);
  const ends = starts && new Date(starts.getTime() + hour / 2);
  await sql`
    insert into appointments (organization_id, connection_id, cliniko_appointment_id, starts_at, ends_at, cancelled_at,
      did_not_arrive, patient_arrived, cliniko_data)
    values (${randomUUID()}, ${connectionId}, ${id}, ${starts}, ${ends}, ${cancelled ? new Date() : null}, ${noShow},
      ${arrived}, '{}')`.execute(bed.db);
}

it('an appointment is what is noted about it, else what the time says: booked until its end has passed', async () => {
  const booked: Record<string, Facts & { status: string }> = {
    'to come': { hours: 2, status: 'booked' },
    'under way': { hours: -0.25, status: 'booked' },
    over: { hours: -1, status: 'completed' },
    'over, and nothing noted': { hours: -1, noShow: false, arrived: false, status: 'completed' },
    'patient came': { hours: -1, arrived: true, status: 'arrived' },
    'patient waits': { hours: 0.1, arrived: true, status: 'arrived' },
    'patient did not come': { hours: -1, noShow: true, status: 'no_show' },
    'noted twice': { hours: -1, noShow: true, arrived: true, status: 'no_show' },
    'called off': { hours: 2, cancelled: true, status: 'cancelled' },
    'called off, long ago': { hours: -900, cancelled: true, noShow: true, arrived: true, status: 'cancelled' },
    'at no time': { hours: null, status: 'booked' },
  };
  for (const [id, facts] of Object.entries(booked)) await book(id, facts);
  const statuses = async () => {
    const { rows } = await sql<{ id: string; status: string }>`
      select cliniko_appointment_id as id, status from appointments_with_status where connection_id = ${connectionId}`.execute(
      bed.db,
    );
    return Object.fromEntries(rows.map(({ id, status }) => [id, status]));
  };
  const wanted = Object.fromEntries(Object.entries(booked).map(([id, { status }]) => [id, status]));
  expect(await statuses()).toEqual(wanted);

  // Time passes (the row is moved, which comes to the same), and nobody notes anything: the answer is another one.
  await sql`update appointments set starts_at = starts_at - interval '2.6 hours', ends_at = ends_at - interval '2.6 hours'
    where cliniko_appointment_id = 'to come'`.execute(bed.db);
  expect(await statuses()).toEqual({ ...wanted, 'to come': 'completed' });
});

it('the view has every column of the table, and the status', async () => {
  const columns = async (relation: string) => {
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns where table_name = ${relation}`.execute(bed.db);
    return rows.map(({ name }) => name).sort();
  };
  expect(await columns('appointments_with_status')).toEqual([...(await columns('appointments')), 'status'].sort());
});
