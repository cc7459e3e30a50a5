import type { PageRequest, VendorClient } from '@syncline/connector-kit';
import { type WalkOptions, walkPage } from '../page-walk.js';

/** A record of a list, as bare as the walk needs it. */
export interface ListRecord {
  readonly id: string;
  readonly display_name: string;
  readonly updated_at?: string;
  readonly status?: string;
}

/** What a server does otherwise than documented. */
export interface ListHabits {
  /** `updated_since` means later than, not at or later than. */
  readonly exclusiveSince?: boolean;
  readonly ignoresTop?: boolean;
  readonly ignoresSkip?: boolean;
  readonly ignoresOrder?: boolean;
  readonly ignoresSince?: boolean;
  /** Never answers fewer records than this, if it has them. */
  readonly leastRows?: number;
  readonly rowCap?: number;
  /** Lists archived records only where a status is asked for. */
  readonly hidesArchived?: boolean;
}

type Query = NonNullable<Parameters<VendorClient['get']>[1]>;

/** A list of the vendor that changes as the test likes, and knows every query it was asked. */
export class ScriptedList {
  readonly queries: Query[] = [];
  /** Called before each answer, with the number of answers given so far. */
  onQuery: (answered: number) => void = () => undefined;
  readonly #records = new Map<string, ListRecord & { readonly position: number; readonly time: number }>();
  readonly #habits: ListHabits;
  #positions = 0;

  constructor(habits: ListHabits = {}) {
    this.#habits = habits;
  }

  get ids(): string[] {
    return [...this.#records.keys()];
  }

  /** Adds a record, or replaces it. `time` is its time of change in milliseconds; without one the list has no times. */
  put(id: string, fields: { time?: number; name?: string; status?: string } = {}): void {
    const position = this.#records.get(id)?.position ?? this.#positions++;
    const { time, name = id, status } = fields;
    this.#records.set(id, {
      id,
      display_name: name,
      ...(time === undefined ? {} : { updated_at: vendorText(time) }),
      ...(status === undefined ? {} : { status }),
      position,
      time: time ?? 0,
    });
  }

  /** Edits a record in what does not show, but for its time of change. */
  touch(id: string, time: number): void {
    const record = this.#records.get(id);
    if (record === undefined) throw new Error(`there is no ${id}`);
    if (record.updated_at !== undefined) this.#records.set(id, { ...record, time, updated_at: vendorText(time) });
  }

  remove(id: string): void {
    this.#records.delete(id);
  }

  readonly client: VendorClient = {
    post: () => Promise.reject(new Error('nothing is posted to this vendor')),
    get: async (_url, query = {}) => {
      this.onQuery(this.queries.length);
      this.queries.push(query);
      const json = this.#answer(query).map(({ position: _, time: __, ...record }) => record);
      return { json, lossless: false, vendorTime: new Date(this.queries.length) };
    },
  };

  #answer(query: Query) {
    const { exclusiveSince, ignoresTop, ignoresSkip, ignoresOrder, ignoresSince, hidesArchived } = this.#habits;
    const { leastRows = 0, rowCap = Number.POSITIVE_INFINITY } = this.#habits;
    const since = ignoresSince || query['updated_since'] === undefined ? 0 : Date.parse(`${query['updated_since']}`);
    const order = ignoresOrder ? 'display_name' : query['$orderby'];
    const status = query['status'];
    const chosen = [...this.#records.values()]
      .filter(({ time }) => time >= since + (exclusiveSince && since > 0 ? 1 : 0))
      .filter((record) =>
        status === undefined ? !(hidesArchived && record.status === 'Archived') : record.status === status,
      )
      .sort(
        (a, b) =>
          (order === 'updated_at asc' ? a.time - b.time : 0) ||
          (order === 'id asc' ? compare(a.id, b.id) : 0) ||
          (order === 'display_name' ? compare(a.display_name, b.display_name) : 0) ||
          a.position - b.position,
      );
    const skip = ignoresSkip ? 0 : Number(query['$skip'] ?? 0);
    const top = ignoresTop ? chosen.length : Math.max(Number(query['$top']), leastRows);
    return chosen.slice(skip, skip + Math.min(top, rowCap));
  }
}

/** Walks a list to its end, with every cursor going through JSON as it does when it is stored. */
export async function walkAll(
  list: ScriptedList,
  options: Partial<WalkOptions> = {},
  request: Partial<Pick<PageRequest, 'pageSize' | 'since' | 'span'>> = {},
): Promise<string[][]> {
  const { path = 'things', timed = true, archivable = false } = options;
  const { pageSize = 100, span, since = span?.from } = request;
  const pages: string[][] = [];
  let cursor: PageRequest['cursor'];
  do {
    const page = await walkPage({ path, timed, archivable }, { client: list.client, cursor, since, span, pageSize });
    pages.push(page.records.map((record) => (record as ListRecord).id));
    if (list.queries.length > 2000) throw new Error('the walk does not end');
    cursor = page.next && JSON.parse(JSON.stringify(page.next));
  } while (cursor !== undefined);
  return pages;
}

/** As the vendor writes times: no zone, no trailing zeros in the fraction. */
function vendorText(time: number): string {
  return new Date(time)
    .toISOString()
    .replace(/(\.\d*?)0*Z$/, '$1')
    .replace(/\.$/, '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
