import { addTo, instant, type Partition, type VendorClient } from '@syncline/connector-kit';
import { monthPath } from './days.js';
import { distinctIds } from './fingerprints.js';
import type { MonthRead } from './month-pages.js';
import { midNumber } from './shapes.js';
import { readWholeList } from './vendor-list.js';

type Fields = Record<string, unknown>;

/** The day that a month's rows carry. */
export function monthDay(month: string): string {
  return `${month}-01`;
}

async function readReports(client: VendorClient, month: string) {
  return readWholeList(client, `residuals/reports/summary/${monthPath(month)}`, {
    per_page: 100,
    hide_null_merchants: 'false',
  });
}

/** The reports of a month, one for each processor. */
export async function readSummaries(client: VendorClient, month: string): Promise<MonthRead> {
  const { rows, isMissing, ...answer } = await readReports(client, month);
  return {
    ...answer,
    records: rows.map((row) => {
      const processor = fieldOf(row, 'processor_id');
      return processor === undefined ? row : addTo(row as object, { id: `${processor}/${month}`, month });
    }),
    partitions: isMissing ? [] : [{ residual_month: monthDay(month) }],
  };
}

/** Reports whose rows are asked for at once. */
const atOnce = 4;

/**
 * The rows of a month's reports; of those only that were published since a time, where it is given. A report is read as a
 * whole or not at all: publishing it again replaces its rows.
 */
export async function readRows(client: VendorClient, month: string, since: Date | undefined): Promise<MonthRead> {
  const { rows: reports, isMissing, ...answer } = await readReports(client, month);
  const wanted = reports.filter((report) => isNews(report, since) && fieldOf(report, 'processor_id') !== undefined);
  const records: unknown[] = [];
  const whole: Partition[] = [];
  let lossless = answer.lossless;
  for (let at = 0; at < wanted.length; at += atOnce) {
    const lists = await Promise.all(wanted.slice(at, at + atOnce).map((report) => readReport(client, month, report)));
    records.push(...lists.flatMap(({ rows }) => rows));
    lossless ||= lists.some((list) => list.lossless);
    whole.push(...lists.flatMap(({ partition }) => partition ?? []));
  }
  // All reports of the month: then also one that is not out any more has no rows.
  const isMonth = !isMissing && whole.length === reports.length;
  return { ...answer, lossless, records, partitions: isMonth ? [{ residual_month: monthDay(month) }] : whole };
}

async function readReport(client: VendorClient, month: string, report: unknown) {
  const processor = fieldOf(report, 'processor_id') ?? '';
  const list = await readWholeList(client, `residuals/reports/summary/rows/${processor}/${monthPath(month)}`, {
    per_page: 1_000,
    hide_null_merchants: 'false',
    template: 'false',
  });
  const idOf = distinctIds();
  const published = (report as Fields)['modified'] ?? null;
  const rows = list.rows.map((row) => {
    const mid = fieldOf(row, 'mid');
    const known = { processor_id: processor, month, published };
    if (mid === undefined) return typeof row === 'object' && row !== null ? addTo(row, known) : row;
    return addTo(row as object, { ...known, id: idOf(processor, month, midNumber(mid)) });
  });
  // A report about merchants that hands out no rows is not believed to have lost them all.
  const isBelieved = !list.isMissing && (rows.length > 0 || !(Number(fieldOf(report, 'merchants_count')) > 0));
  const partition = { irelandpay_processor_id: processor, residual_month: monthDay(month) };
  return { rows, lossless: list.lossless, partition: isBelieved ? partition : undefined };
}

/** One that does not say when it was published may be new every time. */
function isNews(report: unknown, since: Date | undefined): boolean {
  const { modified } = (report ?? {}) as Fields;
  const time = typeof modified === 'string' ? instant(modified, 'modified', () => undefined) : null;
  return (
    since === undefined || time === null || new Date(time) >= new Date(Math.floor(since.getTime() / 1_000) * 1_000)
  );
}

/** The line items of a month. A recurring one may be in several months with the same number. */
export async function readLineItems(client: VendorClient, month: string): Promise<MonthRead> {
  const { rows, isMissing, ...answer } = await readWholeList(client, `residuals/lineitems/${monthPath(month)}`, {
    per_page: 100,
  });
  return {
    ...answer,
    records: rows.map((row) => {
      const own = fieldOf(row, 'id');
      return own === undefined ? row : addTo(row as object, { id: `${month}/${own}`, line_item_id: own, month });
    }),
    partitions: isMissing ? [] : [{ residual_month: monthDay(month) }],
  };
}

/** A number or a text, as text; undefined for nothing. */
function fieldOf(row: unknown, name: string): string | undefined {
  const value = (row as Fields | null | undefined)?.[name];
  return value === null || value === undefined || value === '' ? undefined : String(value);
}
