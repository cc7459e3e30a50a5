import type { Entity, Priority, Span } from '@syncline/connector-kit';
import type { ClaimedRun, Selection } from '@syncline/store';

/** The ids of a selection by id; undefined for everything else. */
export function idsOf(selection: Selection | null): readonly string[] | undefined {
  return selection !== null && 'ids' in selection ? selection.ids : undefined;
}

/** The span of a selection by time; undefined for everything else. */
export function spanOf(selection: Selection | null): Span | undefined {
  if (selection === null || 'ids' in selection) return undefined;
  return { from: new Date(selection.from), to: selection.to === null ? undefined : new Date(selection.to) };
}

/** Whose turn it is when the budget is short. Somebody waits for records that he has named; a span may be years. */
export function priorityOf({ mode, selection }: Pick<ClaimedRun, 'mode' | 'selection'>): Priority {
  return idsOf(selection) === undefined ? mode : 'incremental';
}

/** Throws Error (a bug, or a job of another release) where the entity's records cannot be asked for one by one. */
export function fetchOneOf({ name, fetchOne }: Entity): NonNullable<Entity['fetchOne']> {
  if (fetchOne === undefined) throw new Error(`${name} cannot be asked for by id`);
  return fetchOne;
}
