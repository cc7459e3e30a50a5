import { randomUUID } from 'node:crypto';
import type { MappedRecord, RejectedRecord } from '@syncline/connector-kit';
import {
  type ClaimedRun,
  claimRun,
  closeSweep,
  concludeJob,
  createJob,
  endRun,
  type PageBatch,
  type PlannedRun,
  type SweepRun,
} from '@syncline/store';
import { sql } from 'kysely';
import { jobOver, type Scene } from './scene.js';

export type SweptEntity = Parameters<Scene['claim']>[0];

/** A run that was claimed as part of a scan. */
export type ScanRun = ClaimedRun & SweepRun;

/** Ends the connection's live job, if there is one. */
export async function endLiveJob({ bed, connection }: Scene): Promise<void> {
  await sql`update sync_progress set status = 'succeeded'
    where connection_id = ${connection.id} and status in ('pending', 'running')`.execute(bed.db);
  const live = bed.db.selectFrom('sync_jobs').select('id').where('connection_id', '=', connection.id);
  for (const { id } of await live.where('status', 'in', ['queued', 'running']).execute()) {
    await concludeJob(bed.db, id);
  }
}

/** Claims the entity's run in a new job. */
export async function claimNext(scene: Scene, entity: SweptEntity, run: Partial<PlannedRun> = {}): Promise<ClaimedRun> {
  const { bed, connection } = scene;
  await endLiveJob(scene);
  const jobId = await createJob(bed.db, connection, jobOver([entity], run));
  const claimed = await claimRun(bed.db, jobId, entity, randomUUID());
  if (claimed === undefined) throw new Error(`the run of ${entity} cannot be claimed`);
  return claimed;
}

/** The same for a full reading of the list, from its beginning. */
export async function beginScan(scene: Scene, entity: SweptEntity): Promise<ScanRun> {
  const run = await claimNext(scene, entity);
  if (run.scanId === null) throw new Error('the run is not part of a scan');
  return { ...run, scanId: run.scanId };
}

/** Commits pages of a scan as the engine does, and leaves the list read to its end. */
export async function readWhole(
  scene: Scene,
  run: ClaimedRun,
  ...pages: { records?: readonly MappedRecord[]; rejected?: readonly RejectedRecord[] }[]
): Promise<void> {
  for (const [i, { records = [], rejected = [] }] of pages.entries()) {
    const last = i === pages.length - 1;
    const pagesBefore = run.pages + i;
    const over: Partial<PageBatch> = { rejected, pagesBefore, seen: seenBy(run, records, rejected) };
    await scene.commit(run, records, last ? { ...over, cursor: undefined } : over);
  }
}

export function seenBy(
  { scanId }: ClaimedRun,
  records: readonly MappedRecord[],
  rejected: readonly RejectedRecord[] = [],
) {
  if (scanId === null) return undefined;
  const keys = [...records, ...rejected].map(({ key }) => key);
  const vendorIds = keys.filter((key) => key !== undefined);
  return { scanId, vendorIds, unnamed: keys.length - vendorIds.length };
}

/** A whole full sync: reads the list and marks what it does not have. */
export async function fullSync(scene: Scene, entity: SweptEntity, records: readonly MappedRecord[]): Promise<void> {
  const run = await beginScan(scene, entity);
  await readWhole(scene, run, { records });
  await closeSweep(scene.bed.db, scene.target(entity).sql, run, { missing: true, returned: false });
  await endRun(scene.bed.db, run, { status: 'succeeded', complete: true });
}

export async function scansOf({ bed, connection }: Scene) {
  const { rows } = await sql<{ id: string; held: boolean; pages: number }>`
    select s.id, s.held_at is not null as held, (select count(*) from sync_seen e where e.scan_id = s.id) as pages
    from sync_scans s where s.connection_id = ${connection.id} order by s.started_at`.execute(bed.db);
  return rows;
}

/** The entity's vendor ids, those of rows that are marked as deleted apart. */
export async function livesAndDeaths(scene: Scene, entity: SweptEntity) {
  const rows = Object.entries(await scene.rows(entity));
  const ids = (dead: boolean) =>
    rows
      .filter(([, row]) => (row['deleted_at'] !== null) === dead)
      .map(([id]) => id)
      .sort();
  return { live: ids(false), deleted: ids(true) };
}
