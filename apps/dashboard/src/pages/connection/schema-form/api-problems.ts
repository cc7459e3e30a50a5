import { SynclineError } from '../../../api/client.js';
import type { Problems } from './draft.js';

/** What the API says of fields below a place of its request ("credentials"), by their paths there. */
export function problemsUnder(place: string, error: unknown): Problems {
  if (!(error instanceof SynclineError)) return {};
  const below = error.fields.filter(({ field }) => field.startsWith(`${place}.`));
  return Object.fromEntries(below.map(({ field, message }) => [field.slice(place.length + 1), inWords(message)]));
}

/** What it says of one field of the request itself. */
export function problemOf(name: string, error: unknown): string | undefined {
  if (!(error instanceof SynclineError)) return undefined;
  const found = error.fields.find(({ field }) => field === name);
  return found && inWords(found.message);
}

/** Whether all that is wrong is said beside fields, of these places: then nothing has to be said above them. */
export function isSaidBeside(places: readonly string[], error: unknown): boolean {
  if (!(error instanceof SynclineError) || error.fields.length === 0) return false;
  return error.fields.every(({ field }) => places.some((place) => field === place || field.startsWith(`${place}.`)));
}

function inWords(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
