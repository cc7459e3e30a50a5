import type { JobView, VerificationView } from '@syncline/store';
import { sql } from 'kysely';
import { type Measurement, median } from './report.js';
import { openRig, type Rig } from './rig.js';

const contacts = 10_000;
const rounds = 3;
/** Of each kind of fault, in the contacts. */
const planted = 100;

/** A verification of everything beside a full sync that finds nothing new, in turns; then one of what was planted. */
export async function verify(): Promise<Measurement> {
  const rig = await openRig({ simulator: ['--contacts', String(contacts)] });
  const full: number[] = [];
  const clean: number[] = [];
  try {
    await rig.fullSync();
    let found = 0;
    let records = 0;
    for (let round = 0; round < rounds; round += 1) {
      full.push(took(await rig.fullSync()));
      const one = await rig.verify();
      clean.push(took(one));
      found += findings(one);
      records = one.entities.reduce((sum, entity) => sum + entity.records, 0);
    }
    await plant(rig);
    const dirty = await rig.verify();
    const contactsFound = dirty.entities.find(({ entity }) => entity === 'contacts');
    const [fullMs, cleanMs] = [median(full), median(clean)];
    return {
      name: 'verify',
      what: `a verification of ${records.toLocaleString('en')} records beside a full sync with nothing new; one worker, medians of ${rounds}`,
      rows: [
        { figure: 'full sync', value: fullMs, unit: 'ms' },
        { figure: 'verification', value: cleanMs, unit: 'ms' },
        { figure: 'verification / full sync', value: cleanMs / fullMs, unit: 'ratio', target: 'at most 2' },
        { figure: 'found in a clean set', value: found, unit: 'findings', target: '0' },
        {
          figure: 'planted and found: missing',
          value: contactsFound?.missing ?? 0,
          unit: 'rows',
          target: `${planted}`,
        },
        {
          figure: 'planted and found: different',
          value: contactsFound?.different ?? 0,
          unit: 'rows',
          target: `${planted}`,
        },
        { figure: 'planted and found: too many', value: contactsFound?.extra ?? 0, unit: 'rows', target: `${planted}` },
        { figure: 'found besides', value: findings(dirty) - 3 * planted, unit: 'rows', target: '0' },
        { figure: 'verification that finds them', value: took(dirty), unit: 'ms' },
      ],
      raw: { full, clean, dirty },
    };
  } finally {
    await rig.close();
  }
}

function took({ startedAt, endedAt }: Pick<JobView | VerificationView, 'startedAt' | 'endedAt'>): number {
  if (startedAt === null || endedAt === null) throw new Error('it did not run');
  return endedAt.getTime() - startedAt.getTime();
}

function findings({ entities }: VerificationView): number {
  return entities.reduce((sum, { missing, extra, stale, different }) => sum + missing + extra + stale + different, 0);
}

async function plant({ db, connection }: Rig): Promise<void> {
  const some = (offset: number) =>
    sql`select pp_contact_id from contacts where connection_id = ${connection.id} order by 1 offset ${offset} limit ${planted}`;
  // Removed last: what others refer to would differ as well.
  await sql`update contacts set last_name = 'planted' where pp_contact_id in (${some(0)})`.execute(db);
  await sql`insert into contacts (organization_id, connection_id, pp_contact_id, pp_data, last_sync_at)
    select ${connection.organizationId}, ${connection.id}, 'too-many-' || n, '{}', now() - interval '1 day'
    from generate_series(1, ${planted}::int) n`.execute(db);
  await sql`update contacts set deleted_at = now(), last_sync_at = now() - interval '1 day'
    where pp_contact_id in (${some(planted)})`.execute(db);
}
