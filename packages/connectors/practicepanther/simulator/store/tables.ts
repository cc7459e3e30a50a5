import { ENTITIES, type Entity } from '../data/entities.js';
import type { Membership } from '../data/membership.js';
import type { World } from '../data/world.js';
import { EntityTable } from './entity-table.js';

/** All tables of the store, and who belongs to whom. */
export interface Tables {
  readonly of: Readonly<Record<Entity, EntityTable>>;
  readonly world: World;
  readonly members: Membership;
}

/** Builds the tables over a world. */
export function createTables(world: World): Tables {
  const of = Object.fromEntries(ENTITIES.map((entity) => [entity, new EntityTable(entity, world[entity])]));
  return { of: of as Record<Entity, EntityTable>, world, members: world.members };
}

/** When a record counts as created: a contact with its account, for it has no time of its own. */
export function createdMs(tables: Tables, entity: Entity, slot: number): number {
  if (entity !== 'contacts') return tables.of[entity].createdMs(slot);
  return tables.of.accounts.createdMs(tables.members.accountOf(slot));
}

/** When a record counts as changed: a contact with its account, for it has no time of its own. */
export function updatedMs(tables: Tables, entity: Entity, slot: number): number {
  if (entity !== 'contacts') return tables.of[entity].updatedMs(slot);
  return tables.of.accounts.updatedMs(tables.members.accountOf(slot));
}
