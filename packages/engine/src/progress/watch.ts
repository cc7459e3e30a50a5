import { setTimeout as pause } from 'node:timers/promises';
import { detached } from '@syncline/tracing';
import type { Logger } from 'pino';

interface Follower<State> {
  /** Called after every look, changed or not. */
  onProgress(state: State): void;
  /** Called once, at the end: what is followed is over or gone, or this process stops. Nothing is called after it. */
  onEnd(): void;
}

/**
 * Looks at what somebody follows. Postgres is asked once every `everyMs` for each, however many follow it here, and not at
 * all when nobody does. What it says is the same in every process, so it does not matter which one is asked.
 */
export interface Watch<State> {
  /**
   * Follows what has this id until its end. Returns how to stop. `read` is used for all who follow the same, so it must be
   * alike; undefined from it: it is gone.
   */
  follow(id: string, read: () => Promise<State | undefined>, follower: Follower<State>): () => void;
  /** Ends everybody's following. */
  close(): void;
}

export interface WatchOptions<State> {
  readonly everyMs: number;
  readonly isOver: (state: State) => boolean;
  /**
   * Whoever begins is told how it stands without waiting for the next look: the first of all by a look at once, those
   * after him by what was seen last, so that a hundred who come back at once are one question. Else they know it already.
   */
  readonly tellsAtOnce?: boolean;
  /** What the log calls the id. */
  readonly idName: 'syncJobId' | 'organizationId';
}

interface Watched<State> {
  readonly followers: Set<Follower<State>>;
  last?: State;
}

export function createWatch<State>(log: Pick<Logger, 'warn'>, options: WatchOptions<State>): Watch<State> {
  const { everyMs, isOver, tellsAtOnce = false, idName } = options;
  const watched = new Map<string, Watched<State>>();
  let closed = false;

  const end = (id: string, one: Watched<State>) => {
    // Unless others have begun to follow it anew meanwhile.
    if (watched.get(id) === one) watched.delete(id);
    for (const follower of [...one.followers]) follower.onEnd();
  };

  async function look(id: string, read: () => Promise<State | undefined>, one: Watched<State>): Promise<void> {
    for (let first = true; one.followers.size > 0; first = false) {
      if (!first || !tellsAtOnce) await pause(everyMs, undefined, { ref: false });
      if (closed || one.followers.size === 0) return;
      let state: State | undefined;
      try {
        state = await read();
      } catch (error) {
        // Whoever follows keeps its stream: Postgres comes back, and what it says then is all that is needed.
        log.warn({ event: 'progress.unread', err: error, [idName]: id }, 'progress could not be read this time');
        continue;
      }
      if (closed) return;
      if (state === undefined) return end(id, one);
      one.last = state;
      for (const follower of [...one.followers]) follower.onProgress(state);
      if (isOver(state)) return end(id, one);
    }
  }

  return {
    follow: (id, read, follower) => {
      if (closed) {
        follower.onEnd();
        return () => undefined;
      }
      const known = watched.get(id);
      const one: Watched<State> = known ?? { followers: new Set() };
      one.followers.add(follower);
      if (known === undefined) {
        watched.set(id, one);
        detached(() => look(id, read, one)).catch((error: unknown) => {
          // A bug. Their streams end, and they come back; the process goes on for all others.
          log.warn({ event: 'progress.failed', err: error, [idName]: id }, 'progress could not be told');
          end(id, one);
        });
      } else if (tellsAtOnce && known.last !== undefined) follower.onProgress(known.last);
      return () => {
        one.followers.delete(follower);
        // The loop notices at its next turn; whoever comes before that gets one of his own.
        if (one.followers.size === 0 && watched.get(id) === one) watched.delete(id);
      };
    },
    close: () => {
      closed = true;
      for (const [id, one] of [...watched]) end(id, one);
    },
  };
}
