import { type Page, type PageRequest, type Partition, readCursor, type VendorClient } from '@syncline/connector-kit';
import { z } from 'zod';
import { addMonths, dayAt } from './days.js';
import { type IrelandPaySettings, irelandPaySettings } from './settings.js';
import type { WholeList } from './vendor-list.js';

/** What a month has, all of it. */
export interface MonthRead extends Pick<WholeList, 'lossless' | 'vendorTime'> {
  readonly records: readonly unknown[];
  readonly partitions: readonly Partition[];
}

export interface MonthWalk {
  /** Months that are asked for at once. */
  readonly atOnce: number;
  /** Reads one; only what changed since a time where that is given. */
  readonly read: (client: VendorClient, month: string, since: Date | undefined) => Promise<MonthRead>;
}

const monthCursor = z.object({ month: z.string().regex(/^\d{4}-\d{2}$/) });

/**
 * Reads what is published by months, from the first one that is wanted to the vendor's present, some months a page. A month
 * that was read is handed over also when another one of the page fails; the next page begins with that one.
 *
 * Throws what the client and `read` throw for the first month of the page.
 */
export function fetchMonths(walk: MonthWalk): (request: PageRequest<IrelandPaySettings>) => Promise<Page> {
  return (request) => fetchSome(walk, request);
}

async function fetchSome({ atOnce, read }: MonthWalk, request: PageRequest<IrelandPaySettings>): Promise<Page> {
  const { client, since, span } = request;
  const settings = request.settings ?? irelandPaySettings.parse({});
  const first =
    request.cursor === undefined ? firstMonth(request, settings) : readCursor(monthCursor, request.cursor).month;
  const last = span?.to && monthAt(span.to);
  const wanted = Array.from({ length: atOnce }, (_, i) => addMonths(first, i)).filter(
    (month, i) => i === 0 || last === undefined || month <= last,
  );
  const changedSince = span === undefined ? since : undefined;
  const settled = await Promise.allSettled(wanted.map((month) => read(client, month, changedSince)));
  const failed = settled.findIndex(({ status }) => status === 'rejected');
  const [earliest] = settled;
  if (earliest?.status === 'rejected') throw earliest.reason;
  const reads = settled
    .slice(0, failed === -1 ? undefined : failed)
    .flatMap((one) => ('value' in one ? [one.value] : []));
  const vendorTime = reads.find((one) => one.vendorTime !== undefined)?.vendorTime;
  const present = monthAt(span?.to ?? vendorTime ?? new Date());
  const following = addMonths(first, reads.length);
  return {
    records: reads.flatMap(({ records }) => records),
    partitions: reads.flatMap(({ partitions }) => partitions),
    lossless: reads.some(({ lossless }) => lossless),
    next: following > present ? undefined : { month: following },
    vendorTime,
  };
}

function firstMonth({ since, span }: PageRequest<IrelandPaySettings>, settings: IrelandPaySettings): string {
  if (span !== undefined) return monthAt(span.from);
  if (since === undefined) return settings.historyFrom;
  const again = addMonths(monthAt(since), -settings.residualMonths);
  if (again < settings.historyFrom) return settings.historyFrom;
  return again;
}

function monthAt(time: Date): string {
  return dayAt(time).slice(0, 7);
}
