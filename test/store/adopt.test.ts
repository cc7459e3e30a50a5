import { migrate, OccupiedError, pendingMigrations } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adoptAs, createPlace, guideTables, inventory, type Place } from './adopted.js';
import { createGuest } from './guest.js';

let bed: TestBed;
const places: Place[] = [];
beforeAll(async () => {
  bed = await createTestBed({ empty: true });
});
afterEach(async () => {
  for (const place of places.splice(0)) await place.close();
});
afterAll(() => bed.close());

async function place(statements?: string): Promise<Place> {
  const made = await createPlace(bed, statements);
  places.push(made);
  return made;
}

/** Where a table's rows are on disk, and the rows: changes when the table is rewritten, or a row. */
async function physical({ db }: Place, table: string) {
  const { rows } = await sql`
    select pg_relation_filenode(${table}::regclass) as file,
      array(select t.xmin::text || t.ctid::text from ${sql.table(table)} t order by id) as rows`.execute(db);
  return rows;
}

const findingsOf = (adoption: { obstacles: readonly { table: string; column: string | undefined }[] }) =>
  adoption.obstacles.map(({ table, column }) => (column === undefined ? table : `${table}.${column}`));

describe('the tables of the guide', () => {
  it('are adopted: they have what ours have, nothing of them has changed, and no row was touched', async () => {
    const [fresh, mine] = [await place(''), await place()];
    await migrate(fresh.db);
    const before = await inventory(mine);
    const rowsBefore = await Promise.all(['contacts', 'exchanges', 'tasks', 'users'].map((t) => physical(mine, t)));

    const adoption = await mine.adopt();
    expect(adoption).toMatchObject({ schema: mine.schema, obstacles: [], untouched: ['users'] });
    expect(adoption.tables.map(({ table }) => table)).toEqual(['contacts', 'exchanges', 'tasks']);

    const after = await inventory(mine);
    expect(before.filter((line) => !after.includes(line))).toEqual([]);
    expect(await Promise.all(['contacts', 'exchanges', 'tasks', 'users'].map((t) => physical(mine, t)))).toEqual(
      rowsBefore,
    );
    // What is left of the difference: columns that were there before have types of their own, and may be null.
    const missing = (await inventory(fresh)).filter(
      (line) => !after.includes(line) && !after.includes(line.replace(/ not null$/, '')),
    );
    const theirs =
      /^(contacts|exchanges|tasks)\.(first_name|last_name|email|phone|company|name|status|exchange_value|start_date|title|priority|pp_contact_id|pp_matter_id|pp_task_id) /;
    const constraints = /^(exchanges exchanges_client_id_fkey|tasks tasks_exchange_id_fkey): FOREIGN KEY/;
    expect(missing.filter((line) => !theirs.test(line) && !constraints.test(line))).toEqual([]);
  });

  it('need no second time: migrations are up to date, and adopting again does nothing', async () => {
    const mine = await place();
    await mine.adopt();
    expect(await pendingMigrations(mine.db)).toEqual([]);
    expect(await migrate(mine.db)).toEqual([]);
    const before = await inventory(mine);
    expect(await mine.adopt()).toMatchObject({ obstacles: [], statements: [] });
    expect(await inventory(mine)).toEqual(before);
  });

  it('are mended by adopting again when a column was dropped', async () => {
    const mine = await place();
    await mine.adopt();
    await sql`alter table contacts drop column sync_flags`.execute(mine.db);
    expect((await mine.adopt()).statements).toEqual(['alter table "contacts"\n  add column "sync_flags" jsonb;']);
  });

  it('stop a migration, which says what to do and leaves nothing behind', async () => {
    const mine = await place();
    const before = await inventory(mine);
    const refused = migrate(mine.db);
    await expect(refused).rejects.toBeInstanceOf(OccupiedError);
    await expect(refused).rejects.toThrow(/contacts, exchanges, tasks.*npm run adopt.*SYNCLINE_DATABASE_SCHEMA/s);
    expect((await inventory(mine)).filter((line) => !line.includes('kysely'))).toEqual(before);
  });

  it('are left as they are by a dry run, whose SQL does what adopting does', async () => {
    const [mine, byHand, adopted] = [await place(), await place(), await place()];
    const before = await inventory(mine);
    const { statements, obstacles } = await mine.adopt({ dryRun: true });
    expect(obstacles).toEqual([]);
    expect(await inventory(mine)).toEqual(before);
    await sql.raw(statements.join('\n')).execute(byHand.db);
    await adopted.adopt();
    expect(await inventory(byHand)).toEqual(await inventory(adopted));
    expect(await pendingMigrations(byHand.db)).toEqual([]);
  });

  it('wait for nobody who works in them for long', async () => {
    const mine = await place();
    await mine.db.transaction().execute(async (trx) => {
      await sql`lock table exchanges in access share mode`.execute(trx);
      await expect(mine.adopt({ lockTimeoutMs: 50 })).rejects.toThrow(/in use.*Nothing was changed/);
    });
    expect(await mine.adopt()).toMatchObject({ obstacles: [] });
  });
});

it('a name that is taken by an index is said by Postgres, and nothing is changed', async () => {
  const mine = await place(`${guideTables} create index contacts_by_account on contacts (email)`);
  const before = await inventory(mine);
  await expect(mine.adopt()).rejects.toThrow(/"contacts_by_account" already exists.*Nothing was changed/);
  expect(await inventory(mine)).toEqual(before);
});

describe('a schema without tables of the user', () => {
  it('is migrated by adopting as well', async () => {
    const [fresh, other] = [await place(''), await place('')];
    await migrate(fresh.db);
    expect(await other.adopt()).toMatchObject({ tables: [], obstacles: [] });
    expect(await inventory(other)).toEqual(await inventory(fresh));
  });
});

describe('in the way, with nothing changed, is', () => {
  it.each<[string, string, string[], RegExp]>([
    [
      'an enum without our words',
      'alter table tasks alter priority type exchange_status using null',
      ['tasks.priority'],
      /lacks 'LOW', 'MEDIUM', 'HIGH', 'URGENT'/,
    ],
    [
      'a column that nobody fills',
      'alter table exchanges add office int not null default 1; alter table exchanges alter office drop default',
      ['exchanges.office'],
      /is not null and has no default/,
    ],
    [
      'a number for an id',
      'create table accounts (id int generated always as identity primary key, number text)',
      ['accounts.id'],
      /Make it a plain column/,
    ],
    [
      'a number for an id with a default',
      'create table accounts (id serial primary key, number text)',
      ['accounts.id'],
      /is integer, and a sync writes uuid/,
    ],
    [
      'an id that nothing makes',
      'alter table contacts alter id drop default',
      ['contacts.id'],
      /set default gen_random_uuid/,
    ],
    [
      'an id that is not unique',
      'create table accounts (id uuid default gen_random_uuid())',
      ['accounts.id'],
      /add primary key/,
    ],
    ['no id', 'create table accounts (name text)', ['accounts.id'], /add column id uuid/],
    [
      'a double where numbers are exact',
      'alter table exchanges alter exchange_value type double precision',
      ['exchanges.exchange_value'],
      /is double precision, and a sync writes numeric/,
    ],
    [
      'a time without a zone where the engine counts on it',
      'alter table tasks alter last_sync_at type timestamp',
      ['tasks.last_sync_at'],
      /is timestamp without time zone/,
    ],
    [
      'a generated column',
      'alter table contacts drop column company; alter table contacts add company text generated always as (last_name) stored',
      ['contacts.company'],
      /is generated/,
    ],
    [
      'a mark that must not be empty',
      'alter table tasks add deleted_at timestamptz not null default now()',
      ['tasks.deleted_at'],
      /leaves it empty/,
    ],
    [
      'a link to somewhere else',
      'alter table exchanges drop constraint exchanges_client_id_fkey; update exchanges set client_id = null; alter table exchanges add constraint to_users foreign key (client_id) references users (id)',
      ['exchanges.client_id'],
      /to_users: FOREIGN KEY/,
    ],
    [
      'a tenant column that leads to the user’s own tenants',
      'create table firms (id uuid primary key); alter table contacts add organization_id uuid references firms (id)',
      ['contacts.organization_id'],
      /foreign key/,
    ],
    [
      'vendor ids that come twice',
      "insert into contacts (pp_contact_id) values ('pp-1'), (''), ('')",
      ['contacts.pp_contact_id'],
      /holds 1 ids more than once: pp-1 \(2 rows\)/,
    ],
    ['a view under the name of a table', 'create view accounts as select 1 as id', ['accounts'], /is a view/],
    [
      'the guide’s table of logs, where ours is a view',
      'create table sync_logs (id uuid primary key, sync_type varchar(50) not null, triggered_by uuid references users (id))',
      ['sync_logs'],
      /alter table sync_logs rename to sync_logs_before/,
    ],
    [
      'a table under the name of one of ours',
      'create table organizations (id int)',
      ['organizations'],
      /alter table organizations rename to organizations_before/,
    ],
  ])('%s', async (_name, statements, expected, said) => {
    const mine = await place(`${guideTables} ${statements}`);
    const before = await inventory(mine);
    const adoption = await mine.adopt();
    expect(findingsOf(adoption)).toEqual(expected);
    expect(adoption.obstacles.map(({ problem, remedy }) => `${problem}. ${remedy}`).join()).toMatch(said);
    expect(adoption.statements).toEqual([]);
    expect(await inventory(mine)).toEqual(before);
  });
});

it('a role that owns nothing and may make nothing is told all of it', async () => {
  const mine = await place();
  const guest = await createGuest(bed);
  try {
    await sql`grant usage on schema ${sql.id(mine.schema)} to ${sql.id(guest.role)}`.execute(bed.db);
    await sql.raw('alter table tasks enable row level security').execute(mine.db);
    const { obstacles, warnings } = await adoptAs(guest.url, mine.schema);
    expect(obstacles.map(({ table, remedy }) => [table, remedy])).toEqual([
      [`schema ${mine.schema}`, `grant create on schema ${mine.schema} to ${guest.role}`],
      [expect.stringMatching(/^database /), expect.stringMatching(/^grant create on database /)],
    ]);
    expect(warnings).toEqual([]);

    await sql`grant create on schema ${sql.id(mine.schema)} to ${sql.id(guest.role)}`.execute(bed.db);
    await sql
      .raw(`grant create on database ${new URL(bed.databaseUrl).pathname.slice(1)} to ${guest.role}`)
      .execute(bed.db);
    const then = await adoptAs(guest.url, mine.schema);
    expect(findingsOf(then)).toEqual(['contacts', 'exchanges', 'tasks']);
    expect(then.warnings.map(({ table, problem }) => `${table} ${problem}`)).toContainEqual(
      expect.stringMatching(/^tasks has row-level security that hides/),
    );

    // What it needs is to own them, and no more: no superuser is at work on a hosted database.
    for (const { table } of then.obstacles)
      await sql.raw(`alter table ${table} owner to ${guest.role}`).execute(mine.db);
    expect((await adoptAs(guest.url, mine.schema)).obstacles).toEqual([]);
    expect(await pendingMigrations(mine.db)).toEqual([]);
  } finally {
    await guest.drop();
  }
});

it('what may refuse records, or loses something, is said and does not stop anything', async () => {
  const mine = await place(
    `${guideTables}
    alter table contacts add constraint has_name check (first_name <> ''), add unique (email), add status exchange_status;
    update tasks set exchange_id = (select min(id::text)::uuid from exchanges);
    alter table tasks alter title set not null, alter exchange_id set not null, alter due_date type timestamp;
    create function stamp() returns trigger language plpgsql as 'begin return new; end';
    create trigger stamp before update on tasks for each row execute function stamp();`,
  );
  const { obstacles, warnings, tables } = await mine.adopt();
  expect(obstacles).toEqual([]);
  const said = warnings.map(({ table, column, problem }) => `${table} ${column ?? '-'} ${problem}`).sort();
  expect(said).toEqual([
    expect.stringMatching(/^contacts - has the check has_name: CHECK/),
    expect.stringMatching(/^contacts - has the unique index contacts_email_key/),
    expect.stringMatching(/^contacts status is the enum exchange_status, and a sync writes the vendor's words/),
    expect.stringMatching(/^exchanges exchange_value is numeric\(15,2\): values are kept rounded/),
    expect.stringMatching(/^exchanges start_date is date: values are kept as a day only/),
    expect.stringMatching(/^tasks - has the trigger stamp/),
    expect.stringMatching(/^tasks due_date is timestamp without time zone: .* time in UTC/),
    expect.stringMatching(/^tasks exchange_id is not null: records whose parent is not there yet/),
    expect.stringMatching(/^tasks title is not null: records without a value/),
  ]);
  expect(tables.find(({ table }) => table === 'exchanges')?.written).toEqual([
    ...['name', 'status', 'client_id', 'exchange_value', 'start_date', 'notes'],
  ]);
});
