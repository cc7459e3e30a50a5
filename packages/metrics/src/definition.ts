/** One metric, as data. */
export interface Definition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /**
   * Its labels, each with all values that it can have; or, where nobody can list them, what they are. Never what grows
   * with use: an id, a path, a message.
   */
  readonly labels: Readonly<Record<string, readonly string[] | string>>;
  /**
   * Who tells it. `api`, `worker`, `both`: what that process has done itself, since its start. `fleet`: what is in
   * Postgres and Redis, and the same whoever asks; told by the API alone.
   */
  readonly told: 'api' | 'worker' | 'both' | 'fleet';
  /** Of a histogram: upper bounds, in its unit. */
  readonly buckets?: readonly number[];
}

/** Makes definitions of one table, with their names and labels known to the compiler. */
export function define<const Table extends Readonly<Record<`syncline_${string}`, Definition>>>(table: Table): Table {
  return table;
}

type ValueOf<Values> = Values extends readonly (infer Value)[] ? Value : string;

/** The labels of a metric, with a value each. */
export type LabelsOf<One extends Definition> = {
  readonly [Name in keyof One['labels']]: ValueOf<One['labels'][Name]>;
};

/** The names of a table's metrics of one type. */
export type NamesOf<Table extends Readonly<Record<string, Definition>>, Type extends Definition['type']> = {
  [Name in keyof Table]: Table[Name]['type'] extends Type ? Name : never;
}[keyof Table];
