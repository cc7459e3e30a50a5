import { type Db, noteMember } from '@syncline/store';
import type { Logger } from 'pino';
import type { Identity } from './identify-key.js';

/** Notes who comes with tokens. Returns at once: nobody's request has to wait, or to fail, because it could not be noted. */
export type NoteComing = (identity: Pick<Identity, 'person' | 'organizations'>, now: number) => void;

/** A little more than the minute that Postgres waits for, or every second time would come too early for it. */
const restMs = 65_000;
const capacity = 10_000;

/**
 * Writes it once a minute at most for a person and what their token names, also when the write fails: what this process
 * has tried to note it remembers, of the last ten thousand people.
 */
export function memberNotes({ db, log }: { readonly db: Db; readonly log: Pick<Logger, 'warn'> }): NoteComing {
  const tried = new Map<string, number>();
  return ({ person, organizations }, now) => {
    if (person === undefined || organizations === 'all' || organizations.length === 0) return;
    const key = JSON.stringify([person.subject, ...organizations]);
    if ((tried.get(key) ?? 0) > now - restMs) return;
    // A Map keeps the order of insertion, so that the first one is the one that was tried longest ago.
    tried.delete(key);
    tried.set(key, now);
    if (tried.size > capacity) tried.delete(tried.keys().next().value ?? key);
    noteMember(db, organizations, person).catch((error) =>
      log.warn({ event: 'member.unnoted', err: error }, 'who came with a token is not noted'),
    );
  };
}
