import { name as quoted } from '../writer/identifier.js';
import type { Relation } from './catalogue.js';
import type { AdoptionTarget } from './targets.js';

/**
 * What a table lacks of what ours has, as SQL. Columns come without a default and may be null: nothing of the table is
 * rewritten, and the user's own rows have nothing in them.
 */
export interface Additions {
  /** To be run before the migrations, which make indexes over these columns. */
  readonly columns: readonly string[];
  /** To be run after them: they lead to tables which the migrations make. */
  readonly constraints: readonly string[];
}

export function additionsTo(target: AdoptionTarget, relation: Relation, ours: Relation): Additions {
  const table = quoted(relation.name);
  const has = new Set(relation.columns.map(({ name }) => name));
  const missing = ours.columns.filter(({ name }) => !has.has(name));
  const added = new Set(missing.map(({ name }) => name));
  const columns = missing.map(({ name, sql }) => `  add column ${quoted(name)} ${sql}`);

  const upserted = ['connection_id', target.key];
  const isUnique = relation.uniques.some(
    ({ usable, columns }) => usable && columns.length === 2 && upserted.every((column) => columns.includes(column)),
  );
  const unique = `alter table ${table} add unique (${upserted.map(quoted).join(', ')});`;
  // A column of the user's gets no constraint of ours: his own rows may have anything in it.
  const links = ours.constraints.filter(
    ({ kind, columns }) => kind === 'foreign key' && columns.every((c) => added.has(c)),
  );
  return {
    columns: columns.length === 0 ? [] : [`alter table ${table}\n${columns.join(',\n')};`],
    constraints: [
      ...(isUnique ? [] : [unique]),
      ...links.map(({ name, definition }) => `alter table ${table} add constraint ${quoted(name)} ${definition};`),
    ],
  };
}
