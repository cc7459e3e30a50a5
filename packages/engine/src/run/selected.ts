import type { Entity, Priority, Scope, Span } from '@syncline/connector-kit';
import type { ClaimedRun, Selection } from '@syncline/store';

/** The ids of a selection by id; undefined for everything else. */
export function idsOf(selection: Selection | null): readonly string[] | undefined {
  return selection !== null && 'ids' in selection ? selection.ids : undefined;
}

/** The span of a selection by time; undefined for everything else. */
export function spanOf(selection: Selection | null): Span | undefined {
  if (selection === null || !('from' in selection)) return undefined;
  return { from: new Date(selection.from), to: selection.to === null ? undefined : new Date(selection.to) };
}

/**
 * The scope of a selection by one, between the bounds that were set when the job was made: a run that goes on tomorrow
 * is still about the same days. Undefined for everything else.
 */
export function scopeOf({ selection, lowerBound, upperBound }: RunBounds): Scope | undefined {
  if (selection === null || !('scope' in selection)) return undefined;
  if (lowerBound === null || upperBound === null) throw new Error(`the scope ${selection.scope} has no bounds`);
  return { name: selection.scope, from: lowerBound, to: upperBound };
}

type RunBounds = Pick<ClaimedRun, 'selection' | 'lowerBound' | 'upperBound'>;

/** Whose turn it is when the budget is short. Somebody waits for records that he has named; a span may be years. */
export function priorityOf({ mode, selection }: Pick<ClaimedRun, 'mode' | 'selection'>): Priority {
  return idsOf(selection) === undefined ? mode : 'incremental';
}

/** Throws Error (a bug, or a job of another release) where the entity's records cannot be asked for one by one. */
export function fetchOneOf({ name, fetchOne }: Entity): NonNullable<Entity['fetchOne']> {
  if (fetchOne === undefined) throw new Error(`${name} cannot be asked for by id`);
  return fetchOne;
}
