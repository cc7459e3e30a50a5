import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { name as quoted } from '../writer/identifier.js';
import type { Relation } from './catalogue.js';
import type { Finding, Findings } from './findings.js';
import type { AdoptionTarget } from './targets.js';

const shown = 5;

/** Whether a table as a whole can be synced into: what it is, whose it is, what it is tied to. `ours` is our own one. */
export function judgeTable(target: AdoptionTarget, relation: Relation, ours: Relation): Findings {
  const { name: table } = relation;
  const obstacle = (problem: string, remedy: string, column?: string): Finding => ({ table, column, problem, remedy });
  if (relation.kind !== 'table') {
    const problem = relation.kind === 'view' ? 'is a view' : 'is no plain table';
    const remedy = 'Rename it, or keep Syncline apart (SYNCLINE_DATABASE_SCHEMA)';
    return { obstacles: [obstacle(problem, remedy)], warnings: [] };
  }
  const obstacles: Finding[] = [];
  if (!relation.owned) {
    obstacles.push(
      obstacle(`belongs to the role ${relation.owner}`, `Connect as ${relation.owner}, or as a member of it`),
    );
  }
  const id = relation.columns.find((column) => column.name === 'id');
  if (id === undefined) {
    obstacles.push(
      obstacle('does not exist', `alter table ${quoted(table)} add column id uuid default gen_random_uuid()`, 'id'),
    );
  }
  const isKey = relation.uniques.some(({ usable, columns }) => usable && columns.length === 1 && columns[0] === 'id');
  if (id !== undefined && !isKey) {
    obstacles.push(
      obstacle('is not unique: links lead to it', `alter table ${quoted(table)} add primary key (id)`, 'id'),
    );
  }
  return { obstacles: [...obstacles, ...foreignKeys(relation, ours)], warnings: remarks(target, relation, ours) };
}

/** A column that a sync writes may lead to the table that the sync means, and to no other. */
function foreignKeys(relation: Relation, ours: Relation): Finding[] {
  const written = new Set(ours.columns.map(({ name }) => name).filter((name) => name !== 'id'));
  return relation.constraints.flatMap((key): Finding[] => {
    const touched = key.columns.filter((column) => written.has(column));
    if (key.kind !== 'foreign key' || touched.length === 0) return [];
    const meant = ours.constraints.find((our) => our.kind === 'foreign key' && sameColumns(our.columns, key.columns));
    if (meant !== undefined && meant.references === key.references) return [];
    const problem = `has a foreign key (${key.name}: ${key.definition}), and a sync writes something else into it`;
    const remedy = `alter table ${quoted(relation.name)} drop constraint ${quoted(key.name)}, or rename your column`;
    return [{ table: relation.name, column: touched.join(', '), problem, remedy }];
  });
}

function sameColumns(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((column) => others.includes(column));
}

/** What may refuse single records, or change what is written. */
function remarks(target: AdoptionTarget, relation: Relation, ours: Relation): Finding[] {
  const { name: table } = relation;
  const written = new Set(ours.columns.map(({ name }) => name));
  const warning = (problem: string, remedy: string, column?: string): Finding => ({ table, column, problem, remedy });
  const failed = 'Records that it refuses become failed items';
  const checks = relation.constraints.filter(({ kind, name }) => kind === 'check' && !known(ours, name));
  const uniques = relation.uniques.filter(({ columns, name }) => {
    const simple = columns.every((column) => ['id', target.key, 'connection_id'].includes(column));
    return !simple && columns.some((column) => written.has(column)) && !known(ours, name);
  });
  const triggers = relation.triggers.filter((trigger) => !ours.triggers.includes(trigger));
  return [
    ...checks.map(({ name, definition }) => warning(`has the check ${name}: ${definition}`, failed)),
    ...uniques.map(({ name, columns }) => warning(`has the unique index ${name} (${columns.join(', ')})`, failed)),
    ...triggers.map((name) => warning(`has the trigger ${name}`, 'It fires for synced rows as well')),
    ...(relation.hidden
      ? [
          warning(
            'has row-level security that hides its rows from our role',
            'Add a policy for our role, or own the table',
          ),
        ]
      : []),
  ];
}

function known(ours: Relation, name: string): boolean {
  return (
    ours.constraints.some((constraint) => constraint.name === name) || ours.uniques.some((one) => one.name === name)
  );
}

/** Rows that share a vendor id: only one of them can be the record's. */
export async function findDoubles(db: Db, { table, key }: AdoptionTarget): Promise<Finding[]> {
  const { rows } = await sql<{ key: string; times: number; total: number }>`
    select ${sql.id(key)} as key, count(*) as times, count(*) over () as total from ${sql.id(table)}
    where ${sql.id(key)} <> '' group by 1 having count(*) > 1 order by 2 desc, 1 limit ${shown}`.execute(db);
  if (rows.length === 0) return [];
  const some = rows.map((row) => `${row.key} (${row.times} rows)`).join(', ');
  const more = (rows[0]?.total ?? 0) > shown ? ', …' : '';
  const problem = `holds ${rows[0]?.total} ids more than once: ${some}${more}`;
  const remedy = `Keep one row of each and set ${key} to null in the others`;
  return [{ table, column: key, problem, remedy }];
}
