import { badParameter, Refusal } from '../../../simulation/http/reply.js';
import type { Entity } from '../data/entities.js';
import { parseInstant } from '../data/timestamps.js';
import type { Quirks } from '../quirks.js';
import type { Tables } from '../store/tables.js';

const TIME_FIELDS: ReadonlySet<string> = new Set(['created_at', 'updated_at']);

/** Refuses a field in `$orderby` or `$filter` that the entity's records do not have. */
export function requireField(tables: Tables, quirks: Quirks, entity: Entity, path: string): void {
  const name = path.split('/')[0] ?? '';
  // Contacts carry no times. Whether the vendor orders them by their account's is not known, hence the quirk.
  // Custom fields carry none either, and hang on nothing that has.
  const known =
    entity === 'contacts' && TIME_FIELDS.has(name)
      ? !quirks.contactsRejectTimestamps
      : name in tables.of[entity].source.derive(0);
  if (known) return;
  const Message = `The query specified in the URI is not valid. There is no property named '${name}' on ${entity}.`;
  throw new Refusal(400, { Message });
}

/** Reads a datetime of a named filter. It may come without a zone, and then means UTC. */
export function instantParameter(name: string, value: string): number {
  const instant = parseInstant(value);
  if (!instant) throw badParameter(name, value);
  return instant.ms;
}
