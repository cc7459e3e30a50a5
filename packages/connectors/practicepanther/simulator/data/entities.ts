/** The record kinds this simulator serves, in the order in which they refer to one another. */
export const ENTITIES = [
  'users',
  'customfields',
  'accounts',
  'contacts',
  'matters',
  'tasks',
  'notes',
  'emails',
  'events',
  'timeentries',
] as const;

/** One kind of vendor record; also the last part of its list URL (custom fields have a list for each scope). */
export type Entity = (typeof ENTITIES)[number];

/** How many records of each kind exist before the first mutation. */
export type Sizes = Readonly<Record<Entity, number>>;

/** A record as JSON sees it: what overrides and poisoned fields may hold is deliberately open. */
export type VendorRecord = Record<string, unknown>;

/** What a record that is added hangs on, where it hangs on something. */
export const PARENTS: Readonly<Partial<Record<Entity, 'accounts' | 'matters'>>> = {
  contacts: 'accounts',
  matters: 'accounts',
  tasks: 'matters',
  notes: 'matters',
  emails: 'matters',
  events: 'matters',
  timeentries: 'matters',
};

/** Tells whether a text names an entity. */
export function isEntity(text: string): text is Entity {
  return (ENTITIES as readonly string[]).includes(text);
}

/** Whether records of the kind carry `created_at` and `updated_at`. */
export function hasTimes(entity: Entity): boolean {
  return entity !== 'contacts' && entity !== 'customfields';
}

/** Makes something for every entity. */
export function perEntity<T>(make: (entity: Entity) => T): Record<Entity, T> {
  return Object.fromEntries(ENTITIES.map((entity) => [entity, make(entity)])) as Record<Entity, T>;
}
