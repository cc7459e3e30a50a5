import { type Connector, entityOf, SyncError } from '@syncline/connector-kit';
import type { OpenRun, PlannedRun, Selection } from '@syncline/store';
import { selectEntities } from './select-entities.js';

const day = 86_400_000;

/** What of a span is read, where that is not the entities named with all they depend on. */
interface Narrowed {
  readonly alone?: boolean | undefined;
  readonly window?: readonly OpenRun[] | undefined;
}

/**
 * The runs of a selection. Records by their ids are one run of their entity, and nothing is brought along: links are
 * resolved in the write, and a parent that is missing is linked when it arrives. A span of time is read of the entities
 * named and all they depend on, or of those `alone`. A scope, too, as far as these know it; its days are counted from
 * `now`. What is known of an entity as a whole does not matter here. `window`: of a span these runs alone, each from
 * where it stands.
 *
 * Throws SyncError VALIDATION_FAILED (field `selection`) for ids without exactly one entity, for ids of an entity whose
 * records cannot be asked for one by one, and for a scope that an entity named does not know; RangeError for an entity
 * that the connector does not have.
 */
export function planSelection(
  connector: Connector,
  names: readonly string[],
  selection: Selection,
  now: Date,
  { alone = false, window }: Narrowed = {},
): PlannedRun[] {
  const plan: Omit<PlannedRun, 'entity'> = {
    mode: 'backfill',
    modeReason: null,
    lowerBound: null,
    upperBound: null,
    cursor: undefined,
    recordsExpected: null,
  };
  if ('ids' in selection) {
    return [{ ...plan, entity: entityOfIds(connector, names), recordsExpected: selection.ids.length }];
  }
  if ('scope' in selection) {
    const around = selection.days * day;
    const lowerBound = new Date(now.getTime() - around);
    const upperBound = new Date(now.getTime() + around);
    return entitiesOfScope(connector, names, selection.scope).map((entity) => ({
      ...plan,
      ...{ lowerBound, upperBound, entity },
    }));
  }
  const bounds = {
    lowerBound: new Date(selection.from),
    upperBound: selection.to === null ? null : new Date(selection.to),
  };
  // What others of the window depend on is there: a first sync has brought it.
  if (window !== undefined) return window.map(({ entity, cursor }) => ({ ...plan, ...bounds, entity, cursor }));
  const wanted = selectEntities(connector, names);
  const read = alone ? wanted.filter((entity) => names.includes(entity)) : wanted;
  return read.map((entity) => ({ ...plan, ...bounds, entity }));
}

function entityOfIds(connector: Connector, names: readonly string[]): string {
  const [name] = names;
  const refuse = (why: string) => new SyncError('VALIDATION_FAILED', why, { field: 'selection' });
  if (name === undefined || names.length > 1) throw refuse('ids are of one entity: name it');
  // Throws for a name that the connector does not have.
  selectEntities(connector, names);
  if (entityOf(connector, name).fetchOne !== undefined) return name;
  throw refuse(`${connector.displayName} does not hand out ${name} one by one: choose them by from and to`);
}

/** An entity that others depend on and that does not know the scope is left out: links are made when it comes. */
function entitiesOfScope(connector: Connector, names: readonly string[], scope: string): string[] {
  const knows = (name: string) => entityOf(connector, name).scopes?.includes(scope) === true;
  const wanted = selectEntities(connector, names);
  const strange = names.find((name) => !knows(name));
  if (strange === undefined && wanted.some(knows)) return wanted.filter(knows);
  const what = strange ?? `nothing of ${connector.displayName}`;
  throw new SyncError('VALIDATION_FAILED', `${what} cannot be read by the scope ${scope}`, { field: 'selection' });
}
