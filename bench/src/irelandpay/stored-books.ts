import type { Db } from '@syncline/store';
import { sql } from 'kysely';
import { type Month, nameOf, type ReportRow } from './vendor-books.js';

/** What the database has of the same, in the same form. */
export async function storedVolumes(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ key: string; volume: string }>`
    select irelandpay_mid || ' ' || to_char(transaction_date, 'YYYY-MM') as key,
      count(*) || ' for ' || (sum(amount) * 100)::bigint as volume
    from transactions where deleted_at is null group by 1, irelandpay_mid`.execute(db);
  return new Map(rows.map(({ key, volume }) => [key, volume]));
}

/** The rows of a report that are not deleted. */
export async function storedReport(db: Db, processor: number, month: Month): Promise<readonly ReportRow[]> {
  const { rows } = await sql<{ mid: string; cents: string }>`
    select mid_number as mid, (net * 100)::bigint::text as cents from residuals
    where irelandpay_report_id = ${`${processor}/${nameOf(month)}`} and deleted_at is null`.execute(db);
  return rows.map(({ mid, cents }) => ({ mid, cents: Number(cents) }));
}

/** Keys that one of both has and the other has not, or has otherwise. */
export function differences(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): number {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return [...keys].filter((key) => one.get(key) !== other.get(key)).length;
}

export function byMid(rows: readonly ReportRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map(({ mid, cents }) => [mid, cents]));
}
