import type { FoundMark } from '@syncline/queue';
import { type Installation, isSamePlace } from '@syncline/store';

/** Why nothing may be worked on. */
export type HoldReason =
  /** The schema is of a newer release that this one cannot work with. */
  | 'schema'
  /** The database is not where it was: it was moved, restored to another place, or is a copy. */
  | 'moved'
  /** Another database works with these queues at this moment, or did a moment ago. */
  | 'occupied'
  /** The queues are those of another database. */
  | 'foreign';

/**
 * free       Postgres and the queues belong together.
 * restored   Postgres has gone back in time: the queues know more than it does.
 * new-life   The queues are of a time before the last restore, or of a database that this new one takes the place of.
 * held       Nobody can tell whose they are, until a person says so, or the other one has been quiet for a while.
 */
export type Footing =
  | { readonly kind: 'free' }
  | ({ readonly kind: 'restored' } & Judged)
  | ({ readonly kind: 'new-life' } & Judged)
  | { readonly kind: 'held'; readonly reason: HoldReason; readonly message: string };

/** What was judged. Who acts by it much later finds something else, and has to notice. */
interface Judged {
  readonly mark: FoundMark;
  readonly found: Installation;
}

/** In counts: so long a mark that is not ours has to be quiet. More than it takes a fleet to replace its reconciler. */
const quietCounts = 6;

/**
 * Whether Postgres and the mark in Redis belong together. The mark has to be read first: who counts does so in Postgres
 * before Redis.
 */
export function judgeFooting(found: Installation, mark: FoundMark | undefined): Footing {
  if (found.place !== null && !isSamePlace(found.place, found.here)) {
    return held(
      'moved',
      `This database was ${nameOf(found.place)} when it was last at work, and is ${nameOf(found.here)} now: ` +
        'it was moved, restored to another place, or is a copy. If it is the one to go on with: npm run takeover -- --confirm.',
    );
  }
  if (mark === undefined) return { kind: 'free' };
  if (mark.identity === found.identity && mark.generation <= found.generation) return { kind: 'free' };
  const patience = quietCounts * mark.everySeconds;
  if (mark.quietSeconds < patience) {
    return held(
      'occupied',
      `Redis was at work for another database, or for a later state of this one, ` +
        `${Math.round(mark.quietSeconds)} s ago. If Postgres was restored just now, this goes on by itself ${patience} s after that. ` +
        'Else two databases share one SYNCLINE_REDIS_PREFIX: give one of them another.',
    );
  }
  if (found.ancestors.includes(mark.identity)) return { kind: 'new-life', mark, found };
  if (!isSamePlace(mark.place, found.here)) {
    return held(
      'foreign',
      `Redis has queues of another database (${nameOf(mark.place)}) under this prefix. Set another ` +
        'SYNCLINE_REDIS_PREFIX; or, if this database takes the place of that one: npm run takeover -- --confirm.',
    );
  }
  return { kind: found.place === null ? 'new-life' : 'restored', mark, found };
}

function held(reason: HoldReason, message: string): Footing {
  return { kind: 'held', reason, message };
}

/** For people: the server's number, database and schema. */
function nameOf(place: string): string {
  const [server, database, schema] = JSON.parse(place) as (string | null)[];
  return `${database}/${schema} on server ${server ?? 'unknown'}`;
}
