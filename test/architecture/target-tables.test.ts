import { type Connector, type Entity, entityOf } from '@syncline/connector-kit';
import { connectors } from '@syncline/connectors';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const targets = connectors.flatMap((connector) => connector.entities.map((entity) => ({ connector, entity })));
const named = targets.map(({ connector, entity }) => [`${connector.id} ${entity.name}`, connector, entity] as const);

/** Columns that every target table has, beside what its entity declares. */
const standard = {
  id: 'uuid not null',
  organization_id: 'uuid not null',
  connection_id: 'uuid not null',
  source_updated_at: 'timestamptz',
  last_sync_at: 'timestamptz not null',
  deleted_at: 'timestamptz',
  sync_flags: 'jsonb',
};

/** The columns that the declaration asks for; those taken over from a parent have the parent's type. */
function declaredColumns(connector: Connector, { table }: Entity): Record<string, string> {
  const taken = (table.references ?? []).flatMap(({ entity, take }) => {
    const parent = entityOf(connector, entity).table;
    return Object.entries(take).map(([own, from]) => [own, from === 'id' ? 'uuid' : parent.columns[from]] as const);
  });
  const types = Object.fromEntries(taken.map(([own, type]) => [own, type ?? 'no such column of the parent']));
  return { ...standard, ...table.columns, ...types, [table.key]: 'text not null', [table.raw]: 'jsonb not null' };
}

async function columnsInPostgres(table: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string; type: string; nullable: boolean }>`
    select column_name as name, case udt_name when 'bool' then 'boolean' else udt_name end as type, is_nullable = 'YES' as nullable
    from information_schema.columns where table_schema = 'public' and table_name = ${table}`.execute(bed.db);
  return Object.fromEntries(rows.map(({ name, type, nullable }) => [name, nullable ? type : `${type} not null`]));
}

/** The columns of each index of a table, in their order; unique ones apart. */
async function indexesInPostgres(table: string): Promise<{ columns: string[]; unique: boolean }[]> {
  const { rows } = await sql<{ columns: string[]; unique: boolean }>`
    select i.indisunique as unique, array(
      select a.attname::text from unnest(i.indkey::int2[]) with ordinality k (attnum, n)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum order by k.n) as columns
    from pg_index i where i.indrelid = ${table}::regclass and i.indpred is null`.execute(bed.db);
  return rows;
}

interface ForeignKey {
  readonly child: string;
  readonly columns: string[];
  readonly parent: string;
}

async function foreignKeysOf(table: string): Promise<ForeignKey[]> {
  const { rows } = await sql<ForeignKey>`
    select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent, array(
      select a.attname::text from unnest(c.conkey) k (attnum)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns
    from pg_constraint c where c.contype = 'f' and c.conrelid = ${table}::regclass`.execute(bed.db);
  return rows;
}

/** Everything an entity depends on, through however many others. */
function ancestors(connector: Connector, entity: Entity): Set<string> {
  const found = new Set<string>();
  const add = (name: string) => {
    found.add(name);
    entityOf(connector, name).dependsOn.forEach(add);
  };
  entity.dependsOn.forEach(add);
  return found;
}

describe.each(named)('the table of %s', (_name, connector, entity) => {
  const { table } = entity;

  it('has exactly the declared columns and the standard ones, with their types', async () => {
    expect(await columnsInPostgres(table.name)).toEqual(declaredColumns(connector, entity));
  });

  it('holds a record of a connection once', async () => {
    const unique = (await indexesInPostgres(table.name)).filter((index) => index.unique);
    expect(unique.map(({ columns }) => columns)).toContainEqual(['connection_id', table.key]);
  });

  it('can be searched for the rows that refer to one that is deleted, without reading it all', async () => {
    const { rows } = await sql<{ column: string }>`
      select a.attname::text as column from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = ${table.name}::regclass`.execute(bed.db);
    const first = new Set(rows.map(({ column }) => column));
    const links = (await foreignKeysOf(table.name)).map(({ columns }) => columns.join());
    expect(links.filter((link) => !first.has(link))).toEqual([]);
  });

  it('can be searched for children, and its parents for links, without reading it all', async () => {
    for (const reference of table.references ?? []) {
      const parent = entityOf(connector, reference.entity).table.name;
      const ways = [
        { name: table.name, column: reference.from },
        { name: parent, column: reference.to },
      ];
      for (const { name, column } of ways) {
        const leading = (await indexesInPostgres(name)).map(({ columns }) => columns.slice(0, 2));
        expect(leading, `${name} by ${column}`).toContainEqual(['connection_id', column]);
      }
    }
  });

  it('has a foreign key for every link, and no other', async () => {
    const links = (table.references ?? []).flatMap(({ entity: parent, take }) =>
      Object.entries(take)
        .filter(([, from]) => from === 'id')
        .map(([own]) => ({ child: table.name, columns: [own], parent: entityOf(connector, parent).table.name })),
    );
    const byColumn = (a: ForeignKey, b: ForeignKey) => `${a.columns}`.localeCompare(`${b.columns}`);
    expect((await foreignKeysOf(table.name)).sort(byColumn)).toEqual(links.sort(byColumn));
  });

  it('is synced after every table that its foreign keys point to', async () => {
    const names = connector.entities.map(({ name }) => name);
    const before = ancestors(connector, entity);
    for (const { parent } of await foreignKeysOf(table.name)) {
      const owner = connector.entities.find((candidate) => candidate.table.name === parent);
      expect(owner, `an entity of ${connector.id} that fills ${parent}`).toBeDefined();
      if (owner === undefined || owner === entity) continue;
      expect(names.indexOf(owner.name), `${owner.name} comes first`).toBeLessThan(names.indexOf(entity.name));
      expect([...before], `${entity.name} depends on ${owner.name}`).toContain(owner.name);
    }
  });
});

it('no two entities share a table', () => {
  const names = targets.map(({ entity }) => entity.table.name);
  expect(new Set(names).size).toBe(names.length);
});
