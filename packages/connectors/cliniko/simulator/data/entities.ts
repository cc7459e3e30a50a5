/** The kinds of records, by the names that tests use for them. */
export const ENTITIES = [
  'businesses',
  'practitioners',
  'appointment_types',
  'patients',
  'appointments',
  'group_appointments',
  'attendees',
] as const;
export type Entity = (typeof ENTITIES)[number];

/** A record as it is sent. */
export type VendorRecord = Record<string, unknown>;

/** The path of each kind's list below `/v1/`. */
export const PATHS: Readonly<Record<Entity, string>> = {
  businesses: 'businesses',
  practitioners: 'practitioners',
  appointment_types: 'appointment_types',
  patients: 'patients',
  appointments: 'individual_appointments',
  group_appointments: 'group_appointments',
  attendees: 'attendees',
};

export function isEntity(name: string): name is Entity {
  return (ENTITIES as readonly string[]).includes(name);
}

/** Something for each kind. */
export function perEntity<T>(make: (entity: Entity) => T): Record<Entity, T> {
  return Object.fromEntries(ENTITIES.map((entity) => [entity, make(entity)])) as Record<Entity, T>;
}
