/** A sync that can be asked for by name, as a connector offers it. */
export interface ConnectorMode {
  /** What it brings, in a sentence. */
  readonly doc: string;
  /** Entities, with what they depend on; none: all. */
  readonly entities: readonly string[];
  /** Given: how the entities are read, whatever else is asked for. Not together with a scope. */
  readonly reads?: 'full' | 'incremental';
  /**
   * What is meant is the history, in its windows: who asks for this mode starts that, or lets it go on. For those who know
   * of no windows `reads` says what comes to the same.
   */
  readonly history?: true;
  /**
   * Given: only what belongs to this scope is read, around the present, as a selection; watermarks stay, and nothing is
   * deleted. Each of the entities has to declare it (`Entity.scopes`). Else the entities are synced as a whole.
   */
  readonly scope?: {
    readonly name: string;
    /** So many days back and ahead, unless somebody asks for another number. */
    readonly days: number;
  };
}
