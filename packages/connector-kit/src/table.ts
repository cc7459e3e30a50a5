/** The types of target columns that connectors may declare. */
export type ColumnType = 'text' | 'numeric' | 'boolean' | 'timestamptz' | 'date' | 'jsonb';

/** A link to a parent's row, resolved by a join when the row is written and again when the parent arrives or changes. */
export interface Reference {
  /** The parent entity of the same connector. */
  readonly entity: string;
  /** Own column that holds the parent's vendor id. */
  readonly from: string;
  /** The parent's column that it is looked up in. */
  readonly to: string;
  /** A boolean column of the parent that must be true, where several parents share the value of `to`. */
  readonly where?: string;
  /** Own columns and the parent's columns they are copied from (`{ account_id: 'id' }`). */
  readonly take: Readonly<Record<string, string>>;
}

/**
 * Where an entity's records go. Beside the columns declared here every target table has: id, organization_id,
 * connection_id, source_updated_at, last_sync_at (when the row's content was asked for, by Postgres' clock), deleted_at,
 * sync_flags, and a unique (connection_id, key).
 */
export interface TableDeclaration {
  readonly name: string;
  /** The column of the vendor's id (text). */
  readonly key: string;
  /** The jsonb column of the untouched record. */
  readonly raw: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Our words in columns that have a vocabulary, for users who keep such a column as an enum. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  readonly references?: readonly Reference[];
  /**
   * Own timestamptz columns by which the vendor says that a record is not in use any more (archived, deleted, merged).
   * The first of them that is set is the row's `deleted_at`; a full sync that meets the record does not revive it.
   */
  readonly tombstones?: readonly string[];
  /**
   * Own date column with the day that a record is of, where the vendor tells no time of change: one that is missing is not
   * missed before a sync has begun after that day.
   */
  readonly day?: string;
}
