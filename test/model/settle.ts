import { sql } from 'kysely';
import { expect } from 'vitest';
import { expectTruth } from '../e2e/truth.js';
import { firmEntities } from './firm-entities.js';
import { findHoles } from './holes.js';
import type { Play } from './play.js';
import { overlapSeconds } from './town.js';
import { violations } from './witness.js';

/** Steps that a job may take until its end, when nothing goes wrong any more. */
const mostSteps = 60;
const lookEvery = 8;

/** Faults stop: everything halted goes on, what was broken is mended, and what was begun comes to its end. */
export async function calmDown(play: Play): Promise<void> {
  const { town, vendor } = play;
  town.simulator.faults.clear();
  town.simulator.setQuirks();
  await town.newRoad();
  vendor.mend();
  await town.configure({});
  await play.proceed(play.restart(), 0, 'run');
}

/** Delivers what the queues hold, and has the reconciler look around, until no job is live and no step is left. */
export async function drain(play: Play): Promise<void> {
  for (let steps = 1; steps <= mostSteps; steps += 1) {
    // Now and then nothing is taken: a step that waits for one that no queue holds would be all there is.
    const delivery = steps % lookEvery === 0 ? undefined : await play.town.carrier.next();
    if (delivery !== undefined) {
      await play.proceed(play.turn(delivery.payload, delivery), 0, 'run');
      continue;
    }
    await play.lapseAll();
    if ((await play.liveJobs()).length === 0 && (await play.town.carrier.isEmpty())) return;
    await play.proceed(play.look(), 0, 'run');
  }
  throw new Error(`no end after ${mostSteps} steps: jobs ${await play.liveJobs()}`);
}

/**
 * When faults stop, everything converges: what was begun ends, the tables become what the vendor has, and those who were
 * taken for dead and come back late change nothing any more.
 *
 * One incremental sync finds all changes, as every watermark promises; a second one, where the first had to go on with
 * a run that was cut short. A full sync finds what was deleted. Where the vendor's clock was set back by more than the
 * overlap nobody promises that, and whole readings find what is missing.
 */
export async function expectConvergence(play: Play): Promise<void> {
  const { town, vendor } = play;
  await calmDown(play);
  const late = play.halted.filter((_, i) => i % 2 === 1);
  for (const part of play.halted.filter((part) => !late.includes(part))) await play.proceed(part, 0, 'run');
  await drain(play);
  vendor.advance(2 * overlapSeconds);
  const wasCutShort = await isCutShort(play);
  await sync(play, 'incremental');
  if (wasCutShort) await sync(play, 'incremental');
  if (vendor.beyond.size > 0) await sync(play, 'full');
  const gone = firmEntities.flatMap((entity) => town.simulator.store.deletedIds(entity));
  await expectTruth(town.bed, town.simulator, new Set(gone), firmEntities);
  await sync(play, 'full');
  await expectTruth(town.bed, town.simulator, undefined, firmEntities);
  for (const part of late) await play.proceed(part, 0, 'run');
  await drain(play);
  await expectTruth(town.bed, town.simulator, undefined, firmEntities);
  await expectSound(play);
  const { rows: open } = await sql`
    select entity from sync_progress where status in ('pending', 'running')`.execute(town.bed.db);
  expect(open, 'entity runs without an end').toEqual([]);
}

/** Whether the next sync of some entity goes on where the last one was cut short. */
async function isCutShort({ town }: Play): Promise<boolean> {
  const { rows } = await sql`select from sync_state where continuation is not null`.execute(town.bed.db);
  return rows.length > 0;
}

/** What has to hold at every moment. */
export async function expectSound(play: Play): Promise<void> {
  expect(play.surprises).toEqual([]);
  expect(play.town.laid, 'every round of a flow is laid out once').toEqual([...new Set(play.town.laid)]);
  expect((await play.liveJobs()).length, 'live jobs').toBeLessThanOrEqual(1);
  expect(await violations(play.town.bed.db)).toEqual([]);
  expect(await findHoles(play)).toEqual([]);
}

/** A sync in which nothing goes wrong, of these entities or of all. */
export async function sync(play: Play, mode: 'full' | 'incremental', only: readonly string[] = []): Promise<void> {
  await play.proceed(play.trigger(mode, only), 0, 'run');
  await drain(play);
  const { rows } = await sql<{ mode: string; status: string }>`
    select mode, status from sync_jobs order by created_at desc limit 1`.execute(play.town.bed.db);
  expect(rows).toEqual([{ mode, status: 'succeeded' }]);
}
