import { type Flag, optionalDecimal } from '@syncline/connector-kit';
import { z } from 'zod';

/**
 * Shapes that several records share (docs/vendors/irelandpay.md). Only what is mapped is declared; the untouched record
 * goes to irelandpay_data.
 */

/** Ids come as text or as numbers, some beyond what a double holds; these come losslessly. */
export const vendorId = z.union([z.string().min(1).max(200), optionalDecimal.pipe(z.string())]);
export const optionalId = z.union([z.string(), optionalDecimal]);

export const day = z.string().nullish();
export const moment = z.string().nullish();
export const text = z.string().nullish();
/** Text that may come as a number. */
export const looseText = z.union([z.string(), optionalDecimal]).nullish();

/** An amount, in whatever form it came, as decimal text: to the cent, and never through a double. */
export const amount = z.preprocess(
  (value) => (typeof value === 'string' ? value.trim().replaceAll(/,(?=\d{3}(?:\D|$))/g, '') : value),
  optionalDecimal,
);

/** What is put into records by reading, and is no part of the vendor's own. */
export function withoutReading(...names: readonly string[]) {
  return (record: unknown): unknown =>
    Object.fromEntries(Object.entries(record as object).filter(([name]) => !names.includes(name)));
}

/** The number of a merchant where it is a number, and so has no zeros in front. */
export function midNumber(mid: string | null): string | null {
  return mid === null ? null : mid.replace(/^0+(?=.)/, '');
}

/** A flag, as text or as itself; how the text is spelled is not documented. */
export function yesOrNo(value: string | boolean | null | undefined, field: string, flag: Flag): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = value?.trim().toLowerCase() ?? '';
  if (['yes', 'true', '1', 'y'].includes(word)) return true;
  if (['no', 'false', '0', 'n'].includes(word)) return false;
  if (word !== '') flag(field, 'UNKNOWN_VALUE', value);
  return null;
}
export const yesNo = z.union([z.string(), z.boolean()]).nullish();
