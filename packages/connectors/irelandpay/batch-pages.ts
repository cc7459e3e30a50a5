import { addTo, askEach, type Page, type PageRequest, readCursor, SyncError } from '@syncline/connector-kit';
import { z } from 'zod';
import { addDays, dayAt, dayOf } from './days.js';
import { distinctIds } from './fingerprints.js';
import { maskCard } from './mask-card.js';
import { askMerchants, merchantPlace, midOf, withId } from './merchant-pages.js';
import { type IrelandPaySettings, irelandPaySettings } from './settings.js';
import { askList, unlessMissing } from './vendor-list.js';
import { afterAnswer, endOf, type OpenWindow, openWindow } from './windows.js';

/** Requests of a page, sent at once: few enough for the vendor to hardly notice, enough to use up what it allows. */
const atOnce = 4;
/** Pages of merchants that are looked through for one page of batches, where most have none. */
const mostLists = 5;

/**
 * Where the walk through all merchants' batches stands. Its size is that of a page of merchants, however many there are.
 */
const walkCursor = z.object({
  /** The page of merchants that comes next; null: all of them were listed. */
  list: merchantPlace.nullable(),
  /** Merchants whose turn comes. */
  waiting: z.array(z.string()),
  open: z.array(openWindow),
  /** The last day; null: not known yet. */
  until: z.iso.date().nullable(),
});
type Walk = z.infer<typeof walkCursor>;

/**
 * Some windows of some merchants, asked for at once: batches, and along with them their transactions. The vendor has no
 * list of all merchants' batches, and tells of no change: so what may still change is read again, by the days of batches.
 * Merchants whose last batch is older than that cost no request.
 *
 * Requests that were answered are not asked again when others of the page fail; they are handed over, and the next page
 * begins with those that are left. Throws what the client throws when there is nothing to hand over.
 */
export async function fetchBatches(request: PageRequest<IrelandPaySettings>): Promise<Page> {
  const { client, pageSize } = request;
  const settings = request.settings ?? irelandPaySettings.parse({});
  const from = firstDay(request, settings);
  const begun: Walk =
    request.cursor === undefined
      ? { list: { page: 1, total: null }, waiting: [], open: [], until: null }
      : readCursor(walkCursor, request.cursor);
  const { walk, listed } = await fill(request, settings, from, begun);
  const until = walk.until ?? from;
  const windows = new Map(walk.open.map((window) => [window.mid, window]));
  const { answers, stoppedBy } = await askEach([...windows.keys()], async (mid) => {
    const window = windows.get(mid) as OpenWindow;
    const end = endOf(window, until);
    const query = { per_page: pageSize, page: window.page, start_date: window.from, end_date: end };
    const path = `merchants/${encodeURIComponent(mid)}/transactions`;
    return unlessMissing(askList(client, path, query));
  });
  if (windows.size > 0 && answers.size === 0) throw stoppedBy;
  refuseIfAllRefused([...answers.values()]);

  const batches: unknown[] = [];
  const transactions: unknown[] = [];
  const open: OpenWindow[] = [];
  let lossless = false;
  for (const [mid, window] of windows) {
    const answer = answers.get(mid);
    if (answer === undefined) {
      open.push(window);
    } else if ('error' in answer) {
      batches.push({ id: `${mid}/${window.from}`, mid, refused: answer.error });
      const { left } = afterAnswer({ ...window, page: 1 }, until, 1);
      if (left !== undefined) open.push(left);
    } else if (answer.ok !== undefined) {
      const { use, left } = afterAnswer(window, until, answer.ok.lastPage);
      if (left !== undefined) open.push(left);
      if (!use) continue;
      const unpacked = unpack(mid, answer.ok.rows);
      batches.push(...unpacked.batches);
      transactions.push(...unpacked.transactions);
      lossless ||= answer.ok.lossless;
    }
  }
  const next: Walk = { ...walk, open };
  const isDone = open.length === 0 && walk.waiting.length === 0 && walk.list === null;
  return { records: batches, along: { transactions }, lossless, next: isDone ? undefined : next, vendorTime: listed };
}

/** The first day that is read: history's, the one that somebody has chosen, or so many before what was read last. */
function firstDay({ since, span }: PageRequest<IrelandPaySettings>, settings: IrelandPaySettings): string {
  const first = `${settings.historyFrom}-01`;
  if (span !== undefined) return dayAt(span.from);
  if (since === undefined) return first;
  const again = addDays(dayAt(since), -settings.trailingDays);
  if (again < first) return first;
  return again;
}

/** Opens as many windows as are asked at once, as long as there are merchants with batches in them. */
async function fill(
  { client, span, pageSize }: Pick<PageRequest, 'client' | 'span' | 'pageSize'>,
  { windowDays }: IrelandPaySettings,
  from: string,
  begun: Walk,
): Promise<{ readonly walk: Walk; readonly listed: Date | undefined }> {
  let { list, until } = begun;
  const waiting = [...begun.waiting];
  const open = [...begun.open];
  let listed: Date | undefined;
  for (let lists = 0; open.length < atOnce; ) {
    const mid = waiting.shift();
    if (mid !== undefined) {
      if (!open.some((window) => window.mid === mid)) open.push({ mid, from, days: windowDays, page: 1 });
      continue;
    }
    if (list === null || lists === mostLists) break;
    lists += 1;
    const answer = await askMerchants(client, list, { per_page: pageSize });
    listed ??= answer.vendorTime;
    // A day more than it is anywhere: the vendor's days are those of its own place.
    until ??= span?.to === undefined ? addDays(dayAt(answer.vendorTime ?? new Date()), 1) : dayAt(span.to);
    waiting.push(
      ...answer.rows
        .map(withId)
        .filter(hasBatchSince(from))
        .flatMap((row) => midOf(row) ?? []),
    );
    list = answer.next ?? null;
  }
  return { walk: { list, waiting, open, until }, listed };
}

/** A merchant that never had a batch has none; one whose day cannot be read is asked. */
function hasBatchSince(from: string): (row: unknown) => boolean {
  return (row) => {
    const last = (row as Record<string, unknown> | null)?.['last_batch'];
    if (last === null || last === '') return false;
    return (dayOf(last) ?? from) >= from;
  };
}

/** Then it is not the merchants that are the problem. */
function refuseIfAllRefused(answers: readonly ({ readonly ok: unknown } | { readonly error: string })[]): void {
  if (answers.length < atOnce || !answers.every((answer) => 'error' in answer)) return;
  throw new SyncError('UPSTREAM_REJECTED', 'The vendor gives the transactions of no merchant that it was asked for');
}

interface Unpacked {
  readonly batches: readonly unknown[];
  readonly transactions: readonly unknown[];
}

/** Batches without their transactions, and these by themselves, each with its own id and its batch's. */
function unpack(mid: string, rows: readonly unknown[]): Unpacked {
  const idOf = distinctIds();
  const batches: unknown[] = [];
  const transactions: unknown[] = [];
  for (const row of rows) {
    if (typeof row !== 'object' || row === null) {
      batches.push(row);
      continue;
    }
    const { transactions: nested, ...own } = row as Record<string, unknown>;
    const { date, reference_number: reference, terminal_number: terminal } = own;
    const id = idOf(mid, dayOf(date) ?? date, reference, terminal);
    batches.push({ ...own, id, mid });
    if (!Array.isArray(nested)) continue;
    for (const one of nested) transactions.push(transactionOf(mid, id, one));
  }
  return { batches, transactions };
}

function transactionOf(mid: string, batch: string, one: unknown): unknown {
  if (typeof one !== 'object' || one === null) return one;
  const { id, cardholder } = one as Record<string, unknown>;
  const own = id === null || id === undefined || id === '' ? undefined : String(id);
  const known = { id: own && `${mid}/${own}`, transaction_id: own, mid, batch };
  return addTo(one, cardholder === undefined ? known : { ...known, cardholder: maskCard(cardholder) });
}
