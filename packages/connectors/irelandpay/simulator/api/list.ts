import { invalid } from './refusals.js';

/** What is known of a list request besides what it lists. */
export interface ListRequest {
  /** The address of the list, without a query. */
  readonly address: string;
  readonly query: URLSearchParams;
  /** Whether the number of the last page is sent as text. */
  readonly lastPageAsText: boolean;
  /** Nothing is null. */
  readonly asSpecified: boolean;
}

const SIZES = [10, 25, 50, 100];
const LONG_SIZES = [...SIZES, 500, 1_000];

export interface Slice<T> {
  readonly data: readonly T[];
  readonly links: Readonly<Record<string, string | null>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** The page of a list that was asked for. */
export function sliceOf<T>(all: readonly T[], request: ListRequest, isLong = false): Slice<T> {
  const { query, address } = request;
  const perPage = numberOf(query.get('per_page') ?? '25');
  const page = numberOf(query.get('page') ?? '1');
  if (!(isLong ? LONG_SIZES : SIZES).includes(perPage) || page < 1) throw invalid();
  const lastPage = Math.max(1, Math.ceil(all.length / perPage));
  const first = (page - 1) * perPage;
  const data = all.slice(first, first + perPage);
  const link = (number: number) => (number < 1 || number > lastPage ? null : `${address}?page=${number}`);
  const known = (entries: Readonly<Record<string, string | number | null>>) =>
    Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null || !request.asSpecified));
  return {
    data,
    links: known({
      first: link(1),
      last: link(lastPage),
      prev: link(page - 1),
      next: link(page + 1),
    }) as Slice<T>['links'],
    meta: known({
      current_page: page,
      from: data.length === 0 ? null : first + 1,
      last_page: request.lastPageAsText ? String(lastPage) : lastPage,
      path: address,
      per_page: perPage,
      to: data.length === 0 ? null : first + data.length,
      total: all.length,
    }),
  };
}

function numberOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
