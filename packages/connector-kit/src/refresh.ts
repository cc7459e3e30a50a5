/**
 * Tables that are computed from a connection's rows by SQL of the connector's own migration, and follow them: what a sync,
 * a webhook or a repair has written is worked off when a job ends, and by the reconciler.
 */
export interface Refresh {
  /**
   * A function of (organization uuid, connection uuid) that works off a part of what has changed, in a second or so, and
   * says whether there is more. It may be broken off anywhere, and is called again.
   */
  readonly run: string;
  /**
   * The table where triggers note what has changed; a row of a connection (organization_id, connection_id) says that there
   * is something to do.
   */
  readonly changes: string;
  /** Tables (organization_id, connection_id) that it computes; they go when a connection's rows are deleted with it. */
  readonly tables: readonly string[];
}
