import { type Connector, entityOf, SyncError } from '@syncline/connector-kit';
import type { PlannedRun, Selection } from '@syncline/store';
import { selectEntities } from './select-entities.js';

/**
 * The runs of a selection. Records by their ids are one run of their entity, and nothing is brought along: links are
 * resolved in the write, and a parent that is missing is linked when it arrives. A span of time is read of the entities
 * named and all they depend on. What is known of an entity as a whole does not matter here.
 *
 * Throws SyncError VALIDATION_FAILED (field `selection`) for ids without exactly one entity, and for ids of an entity
 * whose records cannot be asked for one by one; RangeError for an entity that the connector does not have.
 */
export function planSelection(connector: Connector, names: readonly string[], selection: Selection): PlannedRun[] {
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
  const bounds = {
    lowerBound: new Date(selection.from),
    upperBound: selection.to === null ? null : new Date(selection.to),
  };
  return selectEntities(connector, names).map((entity) => ({ ...plan, ...bounds, entity }));
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
