import { expect } from 'vitest';
import type { Installation } from './installation.js';

/** Tables of PracticePanther's entities, with the column that has the vendor's id. */
const tables = {
  users: ['pp_users', 'pp_user_id'],
  customfields: ['custom_fields', 'pp_custom_field_id'],
  accounts: ['accounts', 'pp_account_id'],
  contacts: ['contacts', 'pp_contact_id'],
  matters: ['exchanges', 'pp_matter_id'],
  tasks: ['tasks', 'pp_task_id'],
  notes: ['notes', 'pp_note_id'],
  emails: ['emails', 'pp_email_id'],
  events: ['events', 'pp_event_id'],
  timeentries: ['time_entries', 'pp_time_entry_id'],
} as const;

/** Asks the simulated PracticePanther what only its own container may: see /__simulator/ of it. */
async function control(installation: Installation, method: string, path: string, body?: object): Promise<string> {
  const init = JSON.stringify({ method, ...(body && { body: JSON.stringify(body) }) });
  const script = `fetch('http://127.0.0.1:4001/__simulator/${path}', ${init}).then(async (answer) => {
    if (!answer.ok) throw new Error(answer.status + ' ' + (await answer.text()));
    process.stdout.write(await answer.text());
  })`;
  return installation.compose('exec', '--no-TTY', 'simulator-practicepanther', 'node', '--eval', script);
}

/** Makes each page take its time, so that there is a middle of a run. */
export async function slowDown(installation: Installation, delayMs: number): Promise<void> {
  await control(installation, 'POST', 'faults', { match: { path: '/api/v2/', method: 'GET' }, action: { delayMs } });
}

/** Keeps every page of a path back `after` the next so many, until `speedUp`. */
export async function hold(installation: Installation, path: string, after: number): Promise<void> {
  await control(installation, 'POST', 'hold', { match: { path, method: 'GET', after } });
}

/** Lets go what is held, and no page takes longer than it does. */
export async function speedUp(installation: Installation): Promise<void> {
  await control(installation, 'DELETE', 'faults');
  await control(installation, 'POST', 'release', {});
}

/** Has Postgres note every committed write of the firm's rows, so that a test can count effects instead of trusting counters. */
export async function noteWrites(installation: Installation): Promise<void> {
  const triggers = Object.values(tables).map(
    ([table]) =>
      `create trigger note_write after insert or update on ${table} for each row execute function note_write();`,
  );
  await installation.sql(`create table write_log (relation text not null, id uuid not null);
    create function note_write() returns trigger language plpgsql as $$
      begin insert into write_log values (tg_table_name, new.id); return null; end $$;
    ${triggers.join('\n')}`);
}

/** Every record of the simulated firm is there, once, and nothing else; and no row was written twice. Answers how many. */
export async function expectWhole(installation: Installation): Promise<number> {
  let total = 0;
  for (const [entity, [table, column]] of Object.entries(tables)) {
    const records = (await control(installation, 'GET', `records/${entity}`)).split('\n').filter(Boolean);
    const wanted = records.map((record) => String((JSON.parse(record) as { id: unknown }).id));
    const stored = await installation.sql(`select ${column} from ${table} where deleted_at is null`);
    expect(stored.toSorted(), entity).toEqual(wanted.toSorted());
    total += stored.length;
  }
  return total;
}

/** Rows that were written more than once since `noteWrites`, of how many. */
export async function writes(installation: Installation): Promise<{ rows: number; repeated: number }> {
  const [line = ''] = await installation.sql(`select count(*), count(*) filter (where writes > 1)
    from (select count(*) as writes from write_log group by relation, id) each_row`);
  const [rows, repeated] = line.split('|').map(Number);
  return { rows: rows ?? 0, repeated: repeated ?? 0 };
}

/** Empties the firm's tables, and forgets what was written to them. */
export async function emptyTables(installation: Installation): Promise<void> {
  const names = Object.values(tables).map(([table]) => table);
  await installation.sql(`truncate ${names.join(', ')}, write_log cascade`);
}
