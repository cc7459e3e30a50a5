import type { z } from 'zod';
import type { Cursor } from './connector.js';
import { SyncError } from './errors/sync-error.js';

/**
 * A cursor as the connector has written it. It may come from another release, or from somebody who changed the row.
 *
 * Throws SyncError CURSOR_UNREADABLE: the entity is read from its beginning then, and not from some other place.
 */
export function readCursor<Walk>(schema: z.ZodType<Walk>, cursor: Cursor): Walk {
  const read = schema.safeParse(cursor);
  if (read.success) return read.data;
  throw new SyncError('CURSOR_UNREADABLE', 'The place to go on from was not written by this release');
}
