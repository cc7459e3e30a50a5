import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScene, record } from './scene.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const hour = 3_600_000;
const inDays = (days: number) => new Date(Date.now() + days * 24 * hour).toISOString();

it('upcoming events begin within thirty days; the others are in the table all the same', async () => {
  const scene = await createScene(bed, ['events']);
  const starts = {
    'a minute ago': inDays(-0.001),
    soon: inDays(0.01),
    'in 29 days': inDays(29),
    'in 31 days': inDays(31),
    'some time': null,
    'called off': inDays(2),
  };
  const events = Object.entries(starts).map(([id, starts_at]) => record(id, { subject: id, starts_at }));
  expect(await scene.write('events', events)).toMatchObject({ created: 6 });
  await sql`update events set deleted_at = now() where pp_event_id = 'called off'`.execute(bed.db);

  const { rows } = await sql<{ subject: string }>`
    select subject from upcoming_events where connection_id = ${scene.connection.id} order by starts_at`.execute(
    bed.db,
  );
  expect(rows.map(({ subject }) => subject)).toEqual(['soon', 'in 29 days']);
});
