import { SyncError } from '@syncline/connector-kit';
import { z } from 'zod';

/** What a list may be asked for that goes on behind its last row, however many rows are before it. */
export const keysetQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(2_000).optional().describe('`nextCursor` of the page before; means nothing by itself'),
};

export const nextCursorSchema = z
  .string()
  .nullable()
  .describe('To be sent as `cursor` for the next page; null at the end');

/**
 * The place that a cursor stands for; undefined for none. Nobody keeps a cursor to himself, so what it says is checked
 * like anything else that comes in. Throws SyncError VALIDATION_FAILED (field `cursor`).
 */
export function placeIn<Place>(cursor: string | undefined, schema: z.ZodType<Place>): Place | undefined {
  if (cursor === undefined) return undefined;
  const place = schema.safeParse(parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (place.success) return place.data;
  throw new SyncError('VALIDATION_FAILED', 'cursor: is not one that this list has given', { field: 'cursor' });
}

/** A page of what was found, for which one row more than `limit` was asked for: that one says that there is another page. */
export function keysetPage<Row, Place>(
  found: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Place,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  if (last === undefined) return { rows, nextCursor: null };
  return { rows, nextCursor: Buffer.from(JSON.stringify(placeOf(last))).toString('base64url') };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
