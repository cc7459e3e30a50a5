import type { PageRequest, VendorClient } from '@syncline/connector-kit';
import { walkLists } from '../page-walk.js';
import type { VendorList } from '../vendor-list.js';

/** A record of a list, as bare as the walk needs it. Times in milliseconds, which the vendor shows as whole seconds. */
export interface ListRecord {
  readonly id: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** What a server does otherwise. */
export interface ListHabits {
  readonly ignoresSort?: boolean;
  readonly mostAPage?: number;
  /** Of links and totals, only one may be there. */
  readonly without?: 'links' | 'total';
  /** The answer with this number, from 0, is empty by mistake. */
  readonly slipsAt?: number;
}

const things: VendorList = { path: 'things', key: 'things', hiddenBy: ['archived_at'] };

/** A list of the vendor that changes as the test likes, and knows every query it was asked. */
export class ScriptedList {
  readonly records = new Map<string, ListRecord>();
  readonly queries: { filters: readonly string[]; sort: string }[] = [];
  /** Called before each answer, with the number of answers given so far. */
  onQuery: (answered: number) => void = () => undefined;
  readonly #habits: ListHabits;

  constructor(habits: ListHabits = {}) {
    this.#habits = habits;
  }

  put(id: string, createdMs: number, updatedMs = createdMs): void {
    this.records.set(id, { id, createdMs, updatedMs });
  }

  readonly client: VendorClient = {
    post: () => Promise.reject(new Error('nothing is posted to this vendor')),
    get: async (_url, query = {}) => {
      this.onQuery(this.queries.length);
      const filters = query['q[]'] as readonly string[];
      const sort = String(query['sort']);
      const { slipsAt, without, mostAPage = 100 } = this.#habits;
      const slips = slipsAt === this.queries.length;
      this.queries.push({ filters, sort });
      const found = slips ? [] : this.#find(filters, sort);
      const records = found.slice(0, Math.min(Number(query['per_page']), mostAPage));
      const json = {
        things: records.map(shown),
        ...(without !== 'total' && { total_entries: found.length }),
        links: { ...(without !== 'links' && found.length > records.length && { next: 'https://elsewhere.example/' }) },
      };
      return { json, lossless: false, vendorTime: new Date(0) };
    },
  };

  #find(filters: readonly string[], sort: string): ListRecord[] {
    const [field, operator, bound] = [0, 1, 2];
    const bounds = filters
      .map((filter) => /^(\w+):(>=|<|>)(.+)$/.exec(filter)?.slice(1) ?? [])
      .filter((parts) => parts.length === 3);
    const fits = (record: ListRecord) =>
      bounds.every((parts) => {
        const value = numberOf(record, parts[field] ?? '');
        const limit = parts[field] === 'id' ? BigInt(parts[bound] ?? 0) : BigInt(Date.parse(parts[bound] ?? ''));
        if (parts[operator] === '>=') return value >= limit;
        return parts[operator] === '<' ? value < limit : value > limit;
      });
    const all = [...this.records.values()].filter(fits);
    const by = sort.split(':')[0] ?? '';
    if (this.#habits.ignoresSort) return all;
    return all.sort((a, b) => Number(numberOf(a, by) - numberOf(b, by)));
  }
}

function numberOf(record: ListRecord, field: string): bigint {
  if (field === 'id') return BigInt(record.id);
  return BigInt(field === 'created_at' ? record.createdMs : record.updatedMs);
}

function shown({ id, createdMs, updatedMs }: ListRecord) {
  return { id, created_at: text(createdMs), updated_at: text(updatedMs) };
}

function text(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Walks a list to its end, with every cursor going through JSON as it does when it is stored; the ids of each page. */
export async function walkAll(
  list: ScriptedList,
  request: Partial<Pick<PageRequest, 'pageSize' | 'since' | 'span'>> = {},
): Promise<string[][]> {
  const { pageSize = 100, span, since = span?.from } = request;
  const pages: string[][] = [];
  let cursor: PageRequest['cursor'];
  do {
    const page = await walkLists({ lists: [things] }, { client: list.client, cursor, since, span, pageSize });
    pages.push(page.records.map((record) => (record as ListRecord).id));
    if (list.queries.length > 2_000) throw new Error('the walk does not end');
    cursor = page.next && JSON.parse(JSON.stringify(page.next));
  } while (cursor !== undefined);
  return pages;
}
