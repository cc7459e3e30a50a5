import { randomUUID } from 'node:crypto';
import { canBeTenant, type Db, forTenant, migrate, openDatabase } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPlace } from './adopted.js';
import { createGuest, type Guest } from './guest.js';
import { createScene, record, type Scene } from './scene.js';

let bed: TestBed;
let ours: Scene;
let theirs: Scene;
beforeAll(async () => {
  bed = await createTestBed();
  [ours, theirs] = [await firm('ours'), await firm('theirs')];
});
afterAll(() => bed.close());

/** A firm that has a row in many tables. */
async function firm(name: string): Promise<Scene> {
  const scene = await createScene(bed, ['accounts', 'contacts', 'events']);
  await scene.write('accounts', [record('a', { company_name: name })]);
  await scene.write('contacts', [record('c', { pp_account_id: 'a', first_name: name })]);
  await scene.write('events', [record('e', { starts_at: new Date(Date.now() + 3_600_000).toISOString() })]);
  return scene;
}

/** The tables and views that belong to tenants, by the column that says to whom. */
async function tenantRelations(): Promise<{ name: string; column: string; view: boolean }[]> {
  const { rows } = await sql<{ name: string; column: string; view: boolean }>`
    select c.relname::text as name, c.relkind = 'v' as view, a.attname::text as column
    from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
      and a.attname = case when c.relname = 'organizations' then 'id' else 'organization_id' end
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') order by 1`.execute(bed.db);
  return rows;
}

/** A pool of one connection, so that what one statement leaves behind is what the next one finds. */
function onOneConnection(): Db {
  const db = openDatabase({
    databaseUrl: bed.databaseUrl,
    applicationName: 'one',
    poolSize: 1,
    onError: () => undefined,
  });
  onTestFinished(() => db.destroy());
  return db;
}

const owners = async (db: Db, name: string, column: string) =>
  (await sql<{ owner: string }>`select distinct ${sql.ref(column)}::text as owner from ${sql.table(name)}`.execute(db))
    .rows;
const whoAmI = async (db: Db) =>
  (
    await sql<{ role: string; tenant: string | null }>`
    select current_user::text as role, nullif(current_setting('syncline.organization', true), '') as tenant`.execute(db)
  ).rows[0];

describe('a tenant', () => {
  it('sees its own rows and nobody else’s, in every table that has an organization', async () => {
    const tenant = forTenant(bed.db, ours.connection.organizationId);
    const seen = new Set<string>();
    for (const { name, column } of await tenantRelations()) {
      const mine = await owners(tenant, name, column);
      expect(
        mine.filter(({ owner }) => owner !== ours.connection.organizationId),
        name,
      ).toEqual([]);
      if (mine.length > 0) seen.add(name);
    }
    const expected = ['organizations', 'connections', 'sync_jobs', 'sync_progress', 'accounts', 'contacts', 'events'];
    expect([...seen]).toEqual(expect.arrayContaining([...expected, 'upcoming_events', 'sync_logs']));
  });

  it('changes and deletes nothing of others, and makes nothing for them', async () => {
    const tenant = forTenant(bed.db, ours.connection.organizationId);
    const them = theirs.connection.organizationId;
    for (const { name, column, view } of await tenantRelations()) {
      if (view) continue;
      const at = sql`${sql.ref(column)} = ${them}`;
      const changed = sql`update ${sql.table(name)} set ${sql.ref(column)} = ${sql.ref(column)} where ${at}`;
      expect((await changed.execute(tenant)).numAffectedRows, name).toBe(0n);
      expect((await sql`delete from ${sql.table(name)} where ${at}`.execute(tenant)).numAffectedRows, name).toBe(0n);
    }
    const foreign = { organization_id: them, connector: 'practicepanther', name: 'smuggled', settings: '{}' };
    await expect(tenant.insertInto('connections').values(foreign).execute()).rejects.toThrow(/row-level security/);
    const moved = sql`update accounts set organization_id = ${them}`.execute(tenant);
    await expect(moved).rejects.toThrow(/row-level security/);
    expect((await owners(bed.db, 'accounts', 'organization_id')).length).toBe(2);
  });

  it('is nobody: the role without a tenant sees no row at all', async () => {
    await bed.db.transaction().execute(async (trx) => {
      await sql`set local role syncline_tenant`.execute(trx);
      for (const { name } of await tenantRelations()) {
        const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`.execute(trx);
        expect(rows, name).toEqual([{ rows: 0 }]);
      }
    });
  });

  it('leaves nothing of itself on the connection, whether a statement succeeds or fails', async () => {
    const db = onOneConnection();
    const tenant = forTenant(db, ours.connection.organizationId);
    const before = await whoAmI(db);
    expect(await whoAmI(tenant)).toEqual({ role: 'syncline_tenant', tenant: ours.connection.organizationId });
    expect(await whoAmI(db)).toEqual(before);
    await expect(sql`select 1 / 0`.execute(tenant)).rejects.toThrow('division by zero');
    expect(await whoAmI(db)).toEqual(before);
    expect(await whoAmI(forTenant(db, theirs.connection.organizationId))).toMatchObject({
      tenant: theirs.connection.organizationId,
    });
  });

  it('has transactions: all of it or nothing, under one tenant', async () => {
    const db = onOneConnection();
    const tenant = forTenant(db, ours.connection.organizationId);
    const rename = (trx: Db, name: string) => trx.updateTable('organizations').set({ name }).execute();
    const failing = tenant.transaction().execute(async (trx) => {
      await rename(trx, 'undone');
      expect((await trx.selectFrom('organizations').select('name').execute()).map(({ name }) => name)).toEqual([
        'undone',
      ]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await tenant
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) => rename(trx, 'renamed'));
    const names = await db.selectFrom('organizations').select(['id', 'name']).execute();
    expect(names.filter(({ name }) => name === 'renamed')).toEqual([
      { id: ours.connection.organizationId, name: 'renamed' },
    ]);
    expect(names.some(({ name }) => name === 'undone')).toBe(false);
  });

  it.each(['', 'x', "00000000-0000-4000-8000-000000000000'; drop table contacts; --"])('is no %j', (id) => {
    expect(() => forTenant(bed.db, id)).toThrow(TypeError);
  });
});

describe('the role of tenants', () => {
  const asGuest = ({ url }: Pick<Guest, 'url'>, schema: string): Db => {
    const options = { databaseUrl: url, schema, applicationName: 'guest', poolSize: 2, onError: () => undefined };
    const db = openDatabase(options);
    onTestFinished(() => db.destroy());
    return db;
  };

  it('is open to whoever migrates, and not to others', async () => {
    const guest = await createGuest(bed);
    onTestFinished(guest.drop);
    const options = { databaseUrl: guest.url, applicationName: 'guest', poolSize: 1, onError: () => undefined };
    const stranger = openDatabase(options);
    onTestFinished(() => stranger.destroy());
    expect([await canBeTenant(bed.db), await canBeTenant(stranger)]).toEqual([true, false]);
  });

  it('can be set up by a user who owns a schema, once the role is granted', async () => {
    const guest = await createGuest(bed);
    onTestFinished(guest.drop);
    await sql.raw(`create schema ${guest.role} authorization ${guest.role}`).execute(bed.db);
    const options = { databaseUrl: guest.url, schema: guest.role, applicationName: 'guest', poolSize: 2 };
    const db = openDatabase({ ...options, onError: () => undefined });
    onTestFinished(() => db.destroy());
    await migrate(db);
    expect(await canBeTenant(db)).toBe(false);
    await sql.raw(`grant syncline_tenant to ${guest.role}`).execute(bed.db);
    expect(await migrate(db)).toEqual([]);
    expect(await canBeTenant(db)).toBe(true);
    const { id } = await db
      .insertInto('organizations')
      .values({ slug: 'a', name: 'A' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db.insertInto('organizations').values({ slug: 'b', name: 'B' }).execute();
    expect(await forTenant(db, id).selectFrom('organizations').select('slug').execute()).toEqual([{ slug: 'a' }]);
  });

  it('is made by a user who may make roles, and who is no more than its keeper then', async () => {
    const guest = await createGuest(bed);
    onTestFinished(guest.drop);
    await sql.raw(`create schema ${guest.role} authorization ${guest.role}`).execute(bed.db);
    // What Postgres 16 and later give to the maker of a role.
    await sql.raw(`grant syncline_tenant to ${guest.role} with admin true, inherit false, set false`).execute(bed.db);
    const db = asGuest(guest, guest.role);
    expect(await canBeTenant(db)).toBe(false);
    await migrate(db);
    expect(await canBeTenant(db)).toBe(true);
    const tenant = forTenant(db, randomUUID());
    expect(await tenant.selectFrom('organizations').select('id').execute()).toEqual([]);
  });

  it.each([
    ['that the user may not hand on', 'usage, create'],
    ['whose owner has given it away', 'usage, create with grant option'],
  ])('needs the right to use a schema %s', async (_, rights) => {
    const guest = await createGuest(bed);
    onTestFinished(guest.drop);
    const schema = `of_${guest.role}`;
    const [given, option = ''] = rights.split(/(?= with)/);
    await sql
      .raw(`create schema ${schema}; grant ${given} on schema ${schema} to ${guest.role}${option}`)
      .execute(bed.db);
    onTestFinished(async () => {
      await sql.raw(`drop schema ${schema} cascade`).execute(bed.db);
    });
    await sql.raw(`grant syncline_tenant to ${guest.role}`).execute(bed.db);
    const db = asGuest(guest, schema);
    await migrate(db);
    expect(await canBeTenant(db)).toBe(option !== '');
    await sql.raw(`grant usage on schema ${schema} to syncline_tenant`).execute(bed.db);
    expect(await canBeTenant(db)).toBe(true);
    expect(await forTenant(db, randomUUID()).selectFrom('organizations').select('id').execute()).toEqual([]);
  });

  it('gets no policy on adopted tables, whose owner decides about them', async () => {
    const mine = await createPlace(bed);
    onTestFinished(() => mine.close());
    await mine.adopt();
    const { rows } = await sql<{ name: string }>`
      select tablename::text as name from pg_policies where schemaname = current_schema() order by 1`.execute(mine.db);
    const names = rows.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['sync_jobs', 'accounts']));
    expect(names).not.toContain('contacts');
  });
});
