import { connectors } from '@syncline/connectors';
import { type Adoption, type AdoptOptions, adopt, adoptionTargets, type Db, openDatabase } from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';

/** The tables of somebody who has followed the guide, with columns of his own and a script's rows among his. */
export const guideTables = `
  create type exchange_status as enum ('PENDING', '45D', '180D', 'COMPLETED', 'TERMINATED');
  create table users (id uuid primary key default gen_random_uuid(), email text not null unique, role varchar(20));
  create table contacts (
    id uuid primary key default gen_random_uuid(),
    first_name varchar(100), last_name varchar(100), email varchar(255), phone varchar(20), company varchar(255),
    address jsonb, favourite boolean not null default false, owner uuid references users (id),
    created_at timestamp with time zone not null default now(),
    pp_contact_id varchar(50), last_sync_at timestamp with time zone, pp_data jsonb
  );
  create table exchanges (
    id uuid primary key default gen_random_uuid(),
    exchange_number serial, name varchar(255), status exchange_status default 'PENDING',
    client_id uuid references contacts (id), exchange_value numeric(15,2), start_date date, notes text,
    pp_matter_id varchar(50), last_sync_at timestamp with time zone, pp_data jsonb
  );
  create table tasks (
    id uuid primary key default gen_random_uuid(),
    title varchar(40), description text, status varchar(20), priority varchar(20),
    exchange_id uuid references exchanges (id) on delete cascade, assigned_to uuid references users (id),
    due_date timestamp with time zone,
    pp_task_id varchar(50), last_sync_at timestamp with time zone, pp_data jsonb
  );
  create index tasks_due on tasks (due_date);
  insert into users (email) values ('ann@firm.example');
  insert into contacts (first_name, phone, favourite) values ('Mine', '1', true), ('Also mine', '2', false);
  insert into contacts (first_name, pp_contact_id, pp_data) values ('By the script', 'pp-1', '{"id": "pp-1"}');
  insert into exchanges (name, client_id)
    select 'My deal', id from contacts where first_name in ('Mine', 'By the script');
  insert into tasks (title, status) values ('Call Ann', 'whatever I like');`;

const targets = adoptionTargets(connectors);
let made = 0;

/** A schema of its own in a database that others may share. */
export interface Place {
  readonly schema: string;
  readonly db: Db;
  readonly encryptionKey: string;
  adopt(options?: Partial<AdoptOptions>): Promise<Adoption>;
  close(): Promise<void>;
}

/** Makes a schema and runs statements in it. */
export async function createPlace(
  bed: Pick<TestBed, 'db' | 'databaseUrl' | 'encryptionKey'>,
  statements: string = guideTables,
): Promise<Place> {
  made += 1;
  const schema = `place_${made}`;
  await sql`create schema ${sql.id(schema)}`.execute(bed.db);
  const pool = { applicationName: 'syncline test', poolSize: 2, onError: () => undefined };
  const db = openDatabase({ databaseUrl: bed.databaseUrl, schema, ...pool });
  await sql.raw(statements).execute(db);
  return {
    schema,
    db,
    encryptionKey: bed.encryptionKey,
    adopt: (options) => adopt(db, targets, { dryRun: false, ...options }),
    close: () => db.destroy(),
  };
}

/** Adopts a schema as another role. */
export async function adoptAs(databaseUrl: string, schema: string): Promise<Adoption> {
  const db = openDatabase({ databaseUrl, schema, applicationName: 'guest', poolSize: 1, onError: () => undefined });
  try {
    return await adopt(db, targets, { dryRun: false });
  } finally {
    await db.destroy();
  }
}

/** Everything that the schema has, in a form that can be compared: columns, constraints, indexes, triggers. */
export async function inventory({ db }: Pick<Place, 'db'>): Promise<string[]> {
  const here = sql`to_regnamespace(current_schema())`;
  const { rows } = await sql<{ line: string }>`
    select replace(line, current_schema() || '.', '') as line from (
    select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = ${here} and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped
    union all select conrelid::regclass || ' ' || conname || ': ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = ${here} and contype <> 'n'
    union all select indexdef from pg_indexes where schemaname = current_schema()
    union all select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = ${here} and not t.tgisinternal) all_of_it
    order by 1`.execute(db);
  return rows.map(({ line }) => line);
}
