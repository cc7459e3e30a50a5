/** The record kinds this simulator serves, in the order in which they refer to one another. */
export const ENTITIES = ['users', 'accounts', 'contacts', 'matters', 'tasks'] as const;

/** One kind of vendor record; also the last part of its list URL. */
export type Entity = (typeof ENTITIES)[number];

/** How many records of each kind exist before the first mutation. */
export type Sizes = Readonly<Record<Entity, number>>;

/** A record as JSON sees it: what overrides and poisoned fields may hold is deliberately open. */
export type VendorRecord = Record<string, unknown>;

/** Tells whether a text names an entity. */
export function isEntity(text: string): text is Entity {
  return (ENTITIES as readonly string[]).includes(text);
}
