import { SyncError } from '@syncline/connector-kit';
import type { Selection } from '@syncline/store';
import { z } from 'zod';

const mostIds = 100;

/** Clocks differ, and an end that lies a little ahead means now. */
const toleranceMs = 5 * 60_000;

const date = z.iso.date();
const moment = z.union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })]);

const bound = (what: string) =>
  z
    .string()
    .refine(
      (text) => date.safeParse(text).success || moment.safeParse(text).success,
      'has to be a date (2025-06-01, in UTC), or a date and time with its zone (2025-06-01T09:30:00Z)',
    )
    .optional()
    .describe(what);

const vendorId = z.string().trim().min(1).max(200);

/** A selection as it is asked for: by `id` or `ids`, or by `from` and `to`. */
export const selectionRequest = z
  .strictObject({
    id: vendorId.optional().describe("The vendor's id of one record"),
    ids: z.array(vendorId).min(1).max(mostIds).optional().describe('The same for several records of one entity'),
    from: bound('Records changed then or later. A date is its first moment, in UTC'),
    to: bound('Records changed then or earlier; up to now unless given. A date is its last moment, in UTC'),
  })
  .meta({ examples: [{ id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003' }, { from: '2025-06-01', to: '2025-06-30' }] });
export type SelectionRequest = z.infer<typeof selectionRequest>;

/**
 * What a selection means. `ofOneEntity` is false for a sync of all of them.
 *
 * Throws SyncError VALIDATION_FAILED, with the field and what to change about it.
 */
export function readSelection(asked: SelectionRequest, ofOneEntity: boolean, now: Date): Selection {
  const { id, ids, from, to } = asked;
  const byTime = from !== undefined || to !== undefined;
  if (id === undefined && ids === undefined && !byTime) {
    throw refuse('selection', 'is empty: give id or ids, or from; or leave selection out');
  }
  if (id === undefined && ids === undefined) return readSpan(from, to, now);
  if (byTime) throw refuse('selection', 'is by ids and by time at once: give id or ids, or from and to');
  if (id !== undefined && ids !== undefined) throw refuse('selection.id', 'is given beside ids: put it into ids');
  if (!ofOneEntity)
    throw refuse('syncType', 'is all entities: with ids, name the one that they are of, such as matters');
  return { ids: [...new Set(ids ?? [id ?? ''])] };
}

function readSpan(from: string | undefined, to: string | undefined, now: Date): Selection {
  if (from === undefined) throw refuse('selection.from', 'is missing: say from when on');
  const begin = new Date(from);
  const latest = now.getTime() + toleranceMs;
  if (begin.getTime() > latest) throw refuse('selection.from', 'has not come yet');
  if (to === undefined) return { from: begin.toISOString(), to: null };
  if (new Date(to).getTime() > latest) {
    throw refuse('selection.to', 'has not come yet: leave it out for everything up to now');
  }
  const end = date.safeParse(to).success ? new Date(`${to}T23:59:59.999Z`) : new Date(to);
  if (end < begin) throw refuse('selection.from', 'is after to: exchange them');
  return { from: begin.toISOString(), to: end.toISOString() };
}

function refuse(field: string, message: string): SyncError {
  return new SyncError('VALIDATION_FAILED', `${field} ${message}`, { field });
}
