import type { Db } from '@syncline/store';
import { sql } from 'kysely';
import { type Measurement, median } from './report.js';
import { openRig } from './rig.js';

const tenants = 20;
const jobs = 143_000;
const entities = 7;
const items = 1_000_000;
const days = 120;
const rounds = 5;

/** Of ten things six are the first tenant's, two the second's, and the others have two together. */
const tenantOf = (i: string) =>
  `case when ${i} % 10 < 6 then 1 when ${i} % 10 < 8 then 2 else 3 + (${i} / 10) % ${tenants - 2} end`;
const timeOf = (i: string, count: number) =>
  `now() - make_interval(secs => ${i}::float8 / ${count} * ${days * 86_400})`;

/**
 * The SQL functions with the numbers about syncing, over 1,000,000 entity runs and as many failed items of 20 organizations
 * of very different sizes: for the largest, for one of the small ones, and for the operator, who sees all.
 */
export async function statistics(): Promise<Measurement> {
  const rig = await openRig({ simulator: ['--contacts', '10', '--matters', '0', '--tasks', '0'] });
  try {
    // A worker would clear away what is old.
    await rig.stopWorkers();
    await fill(rig.db);
    const [largest = '', , , small = ''] = await organizations(rig.db);
    const rows: Measurement['rows'][number][] = [];
    const raw: Record<string, readonly number[]> = {};
    for (const [who, id] of [
      ['largest', `'${largest}'`],
      ['small', `'${small}'`],
      ['all', 'null'],
    ] as const) {
      for (const call of [
        `get_sync_stats(30, ${id})`,
        `get_sync_performance_trends(30, ${id})`,
        `get_failed_items_summary(${id})`,
        `cleanup_old_sync_data(90, ${id})`,
      ]) {
        const times: number[] = [];
        for (let round = 0; round < rounds; round += 1) times.push(await timed(rig.db, call));
        const name = `${call.replace(/\(.*/, '')}, ${who}`;
        raw[name] = times;
        rows.push({ figure: name, value: median(times), unit: 'ms' });
      }
    }
    return {
      name: 'statistics',
      what:
        `${(jobs * entities).toLocaleString('en')} entity runs and ${items.toLocaleString('en')} failed items of ${tenants} ` +
        `organizations, the largest with 60 %, most with 1 %; medians of ${rounds} calls`,
      rows,
      raw,
    };
  } finally {
    await rig.close();
  }
}

async function fill(db: Db): Promise<void> {
  await sql
    .raw(`
    insert into organizations (slug, name) select 'tenant-' || i, 'A tenant' from generate_series(1, ${tenants}) i`)
    .execute(db);
  await sql
    .raw(`
    insert into connections (organization_id, connector, name, credentials)
    select id, 'practicepanther', 'of the measurement', '\\x00' from organizations where slug like 'tenant-%'`)
    .execute(db);
  const tenant = (i: string) => `
    join organizations o on o.slug = 'tenant-' || (${tenantOf(i)}) join connections c on c.organization_id = o.id`;
  await sql
    .raw(`
    insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, created_at, started_at, ended_at)
    select o.id, c.id, 'incremental', 'incremental', 'schedule',
      case when i % 10 = 0 then 'failed' when i % 20 = 1 then 'partial' else 'succeeded' end, at, at, at + interval '1 minute'
    from generate_series(1, ${jobs}) i ${tenant('i')} cross join lateral (select ${timeOf('i', jobs)} as at) t`)
    .execute(db);
  await sql
    .raw(`
    insert into sync_progress (sync_job_id, entity, organization_id, connection_id, position, status, mode, error_code,
      all_pages_read, upper_bound, records_read, records_created, records_failed, started_at, ended_at)
    select id, 'entity' || e, organization_id, connection_id, e, status, mode,
      case status when 'failed' then 'UPSTREAM_TIMEOUT' end, status <> 'failed',
      case when status <> 'failed' then created_at end, 100, 99, 1, started_at, ended_at
    from sync_jobs, generate_series(1, ${entities}) e`)
    .execute(db);
  await sql
    .raw(`
    insert into sync_failed_items (organization_id, connection_id, entity, kind, vendor_id, payload, error_code, message,
      attempts, status, resolved_at, created_at, updated_at)
    select o.id, c.id, 'entity' || i % ${entities}, 'record', 'record-' || i,
      jsonb_build_object('id', i, 'text', repeat('x', 300)), 'RECORD_INVALID', 'amount: is no number', 3,
      case when i % 10 = 9 then 'pending' else 'resolved' end, case when i % 10 <> 9 then at end, at, at
    from generate_series(1, ${items}) i ${tenant('i / 10')} cross join lateral (select ${timeOf('i', items)} as at) t`)
    .execute(db);
  // As autovacuum would.
  await sql`vacuum analyze`.execute(db);
}

async function organizations(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('organizations')
    .select('id')
    .where('slug', 'like', 'tenant-%')
    .orderBy(sql`length(slug), slug`)
    .execute();
  return rows.map(({ id }) => id);
}

/** How long a call takes, ms. What it changes is undone, so that the next one meets the same. */
async function timed(db: Db, call: string): Promise<number> {
  const undone = new Error('undone');
  let ms = Number.NaN;
  const trial = db.transaction().execute(async (trx) => {
    const startedAt = performance.now();
    await sql.raw(`select * from ${call}`).execute(trx);
    ms = performance.now() - startedAt;
    throw undone;
  });
  await trial.catch((error: unknown) => {
    if (error !== undone) throw error;
  });
  return ms;
}
