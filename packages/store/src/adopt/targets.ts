import type { ColumnType, Connector } from '@syncline/connector-kit';
import { entityOf } from '@syncline/connector-kit';

/** A table that records go to, which may be the user's own. */
export interface AdoptionTarget {
  readonly table: string;
  /** The column of the vendor's id. */
  readonly key: string;
  /** What is mapped into which column, and taken over from parents: written for every record, and may be null. */
  readonly mapped: Readonly<Record<string, ColumnType | 'uuid'>>;
  /** The columns of `mapped` that lead to a parent's row. */
  readonly links: readonly string[];
  /** What is always filled. */
  readonly filled: readonly string[];
  /** Our words in columns with a vocabulary. */
  readonly words: Readonly<Record<string, readonly string[]>>;
}

/** The tables of all entities, parents first as their connectors have them. */
export function adoptionTargets(connectors: readonly Connector[]): AdoptionTarget[] {
  return connectors.flatMap((connector) =>
    connector.entities.map(({ table }): AdoptionTarget => {
      const taken = (table.references ?? []).flatMap(({ entity, take }) => {
        const parent = entityOf(connector, entity).table;
        return Object.entries(take).map(([own, from]) => [own, from === 'id' ? 'uuid' : parent.columns[from]] as const);
      });
      return {
        table: table.name,
        key: table.key,
        mapped: Object.assign({}, table.columns, Object.fromEntries(taken.map(([own, type]) => [own, type ?? 'text']))),
        links: taken.filter(([, type]) => type === 'uuid').map(([own]) => own),
        filled: [table.key, table.raw, 'organization_id', 'connection_id', 'last_sync_at'],
        words: table.words ?? {},
      };
    }),
  );
}
