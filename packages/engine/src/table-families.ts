import { type Connector, type Entity, entityOf, type TableDeclaration } from '@syncline/connector-kit';
import { type TableSql, tableSql } from '@syncline/store';

const made = new WeakMap<TableDeclaration, TableSql>();

/** The statements of an entity's table, made once from the declarations of its connector. */
export function targetSql(connector: Connector, entity: Entity): TableSql {
  const known = made.get(entity.table);
  if (known !== undefined) return known;
  const sql = tableSql({
    table: entity.table,
    parentOf: (reference) => entityOf(connector, reference.entity).table,
    children: connector.entities.flatMap((child) =>
      (child.table.references ?? [])
        .filter((reference) => reference.entity === entity.name)
        .map((reference) => ({ table: child.table, reference })),
    ),
  });
  made.set(entity.table, sql);
  return sql;
}
