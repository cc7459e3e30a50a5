import { type Connector, type Entity, entityOf } from '@syncline/connector-kit';
import { type Db, readShapes, type TableSql, tableSql } from '@syncline/store';

/**
 * The statements of an entity's table, made from the declarations of its connector and from the types that the tables
 * really have. Looked up each time: a run is long, and a table that somebody has changed works from the next one on.
 */
export async function targetSql(db: Db, connector: Connector, entity: Entity): Promise<TableSql> {
  const parents = (entity.table.references ?? []).map((reference) => entityOf(connector, reference.entity).table);
  const children = connector.entities.flatMap((child) =>
    (child.table.references ?? [])
      .filter((reference) => reference.entity === entity.name)
      .map((reference) => ({ table: child.table, reference })),
  );
  const tables = [entity.table, ...parents, ...children.map(({ table }) => table)].map(({ name }) => name);
  const family = {
    table: entity.table,
    parentOf: (reference: { readonly entity: string }) => entityOf(connector, reference.entity).table,
    children,
  };
  return tableSql(family, await readShapes(db, tables));
}
