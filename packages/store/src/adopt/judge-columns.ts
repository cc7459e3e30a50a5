import type { ColumnType } from '@syncline/connector-kit';
import { name as quoted } from '../writer/identifier.js';
import { fitOf } from '../writer/stored-type.js';
import type { Column, Relation } from './catalogue.js';
import type { Finding, Findings } from './findings.js';
import type { AdoptionTarget } from './targets.js';

/** Something about one column. */
interface Remark {
  readonly level: 'obstacle' | 'warning';
  readonly problem: string;
  readonly remedy: string;
}

const obstacle = (problem: string, remedy: string): Remark => ({ level: 'obstacle', problem, remedy });
const warning = (problem: string, remedy: string): Remark => ({ level: 'warning', problem, remedy });
const text = (label: string) => `'${label.replaceAll("'", "''")}'`;

/** Types that the engine itself relies on; nothing else will do. */
const own: Readonly<Record<string, ColumnType | 'uuid'>> = {
  id: 'uuid',
  organization_id: 'uuid',
  connection_id: 'uuid',
  source_updated_at: 'timestamptz',
  last_sync_at: 'timestamptz',
  deleted_at: 'timestamptz',
};

/** Whether the columns that an adopted table has take what a sync writes. `wanted` are the names of ours. */
export function judgeColumns(target: AdoptionTarget, relation: Relation, wanted: ReadonlySet<string>): Findings {
  const remarks = relation.columns.flatMap((column) => {
    const alter = `alter table ${quoted(relation.name)} alter column ${quoted(column.name)}`;
    const said = wanted.has(column.name) ? judgeOurs(target, column, alter) : judgeTheirs(column, alter);
    return said.map((remark) => ({ ...remark, column: column.name }));
  });
  const of = (wantedLevel: Remark['level']) =>
    remarks
      .filter(({ level }) => level === wantedLevel)
      .map(({ level: _, ...finding }): Finding => ({ table: relation.name, ...finding }));
  return { obstacles: of('obstacle'), warnings: of('warning') };
}

/** A column that no sync writes. */
function judgeTheirs(column: Column, alter: string): Remark[] {
  if (!column.notNull || column.hasDefault || column.generated) return [];
  const problem = 'is not null and has no default, and a sync does not fill it';
  return [obstacle(problem, `Give it a default, or: ${alter} drop not null`)];
}

/** A column that a sync writes. */
function judgeOurs(target: AdoptionTarget, column: Column, alter: string): Remark[] {
  const { name, sql } = column;
  if (column.generated) return [obstacle('is generated, and a sync has to write it', 'Make it a plain column')];
  const declared = declaredType(target, name);
  if (!takes(target, column)) {
    const remedy = 'Change its type, rename it, or keep Syncline apart (SYNCLINE_DATABASE_SCHEMA)';
    return [obstacle(`is ${sql}, and a sync writes ${declared}`, remedy)];
  }
  const loss = fitOf(declared, column)?.loss;
  return [
    ...(name === 'id' && !column.hasDefault
      ? [obstacle('has no default: new rows would have no id', `${alter} set default gen_random_uuid()`)]
      : []),
    ...judgeWords(target, column),
    ...(loss === undefined ? [] : [warning(`is ${sql}: values are kept ${loss}`, 'Nothing to do, if that is enough')]),
    ...(column.notNull ? judgeNotNull(target, name, alter) : []),
  ];
}

function declaredType(target: AdoptionTarget, column: string): ColumnType | 'uuid' {
  return target.mapped[column] ?? own[column] ?? (column === target.key ? 'text' : 'jsonb');
}

/** Whether values can be written: of columns that the engine relies on, as exactly what they are. */
function takes(target: AdoptionTarget, column: Column): boolean {
  const fit = fitOf(declaredType(target, column.name), column);
  if (fit === undefined || column.name in target.mapped) return fit !== undefined;
  return fit.loss === undefined && column.labels === null && column.sql !== 'json';
}

/** An enum has to know our words. Where the vendor's own are written nobody knows them all. */
function judgeWords(target: AdoptionTarget, { name, labels, sql }: Column): Remark[] {
  if (labels === null) return [];
  const words = target.words[name];
  if (words === undefined) {
    const problem = `is the enum ${sql}, and a sync writes the vendor's words: records with others become failed items`;
    return [warning(problem, 'Add labels as they come up, or make it a text')];
  }
  const missing = words.filter((word) => !labels.includes(word)).map(text);
  if (missing.length === 0) return [];
  const remedy = missing.map((word) => `alter type ${sql} add value ${word};`).join(' ');
  return [obstacle(`is the enum ${sql}, which lacks ${missing.join(', ')}`, remedy)];
}

function judgeNotNull({ filled, mapped, links }: AdoptionTarget, name: string, alter: string): Remark[] {
  if (name === 'id' || filled.includes(name)) return [];
  const remedy = `${alter} drop not null`;
  if (!(name in mapped)) return [obstacle('is not null, and a sync leaves it empty', remedy)];
  const which = links.includes(name) ? 'whose parent is not there yet' : 'without a value';
  return [warning(`is not null: records ${which} become failed items`, `To take them in: ${remedy}`)];
}
