import { setImmediate as breath, setTimeout as pause } from 'node:timers/promises';
import type { Sessions } from './sessions.js';

/** What an actor meets that has died, wherever it wants to do something. */
export class Death extends Error {
  override readonly name = 'Death';
}

interface Step {
  readonly label: string;
  /** The database session it is for; 0 for none. */
  readonly pid: number;
  readonly run: () => Promise<void>;
  readonly drop: () => void;
}

/** One process' share of the work, such as a turn of an entity run: does nothing to the world but by steps of a stage. */
export class Actor {
  readonly name: string;
  /** In the order of arrival. An actor that reads ahead of its writing has two. */
  readonly waiting: Step[] = [];
  /** What waits for a lock in Postgres. */
  readonly blocked = new Set<Step>();
  /** Database sessions it has in hand: resolves when the session has ended, and the driver knows. */
  readonly sessions = new Map<number, () => Promise<void>>();
  dead = false;
  ended = false;
  /** The answer to its next COMMIT gets lost on the way. */
  losesCommit = false;
  /** Settles when the actor has ended, whichever way; never rejects. */
  end: Promise<void> = Promise.resolve();

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Lets actors do one thing at a time. Every statement, request to the vendor and command to Redis is a step; one step
 * happens at a time in the whole process, and what comes next is decided when everything has come to rest. So a test
 * can halt or kill an actor between any two steps, let several take turns step by step, and see the same again.
 */
export class Stage {
  /** What happened, for whoever has to understand a failure. */
  readonly history: string[] = [];
  readonly #sessions: Sessions;
  #wake: () => void = () => undefined;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** Puts an actor on the stage. It comes as far as its first step. */
  enter(name: string, work: (actor: Actor) => Promise<void>): Actor {
    const actor = new Actor(name);
    actor.end = (async () => {
      try {
        await work(actor);
      } finally {
        actor.ended = true;
        this.#wake();
      }
    })();
    return actor;
  }

  /** A step of an actor: happens when the stage lets it. Throws Death once the actor is dead. */
  step<T>(actor: Actor, label: string, work: () => Promise<T>, pid = 0): Promise<T> {
    if (actor.dead) return Promise.reject(new Death(label));
    return new Promise<T>((resolve, reject) => {
      actor.waiting.push({
        label,
        pid,
        run: async () => {
          try {
            const value = await work();
            if (actor.dead) reject(new Death(label));
            else resolve(value);
          } catch (error) {
            reject(actor.dead ? new Death(label) : error);
          }
        },
        drop: () => reject(new Death(label)),
      });
      this.#wake();
    });
  }

  /** Lets an actor do so many steps, or all. `stuck`: what it waits for is a lock that another actor holds. */
  async go(actor: Actor, steps = Number.POSITIVE_INFINITY): Promise<'ended' | 'halted' | 'stuck'> {
    for (let done = 0; done < steps; ) {
      await this.#rest([actor]);
      if (actor.ended) return 'ended';
      const [next] = actor.waiting;
      if (next !== undefined) {
        await this.#happen(actor, next);
        done += 1;
      } else if (!(await this.#sessions.freeIdleHolders(pidsOf([actor])))) {
        return 'stuck';
      }
    }
    await this.#rest([actor]);
    return actor.ended ? 'ended' : 'halted';
  }

  /** Lets several actors go on to their ends, one step at a time; `choose` says whose turn it is, below the number given. */
  async together(actors: readonly Actor[], choose: (below: number) => number): Promise<void> {
    for (;;) {
      await this.#rest(actors);
      const ready = actors.flatMap((actor) => actor.waiting.slice(0, 1).map((step) => ({ actor, step })));
      const next = ready[choose(ready.length)] ?? ready[0];
      if (next !== undefined) await this.#happen(next.actor, next.step);
      else if (actors.every(({ ended }) => ended)) return;
      else await this.#sessions.freeIdleHolders(pidsOf(actors));
    }
  }

  /** The actor's process dies: nothing it wants to do happens any more, and its sessions end. */
  async kill(actor: Actor): Promise<void> {
    if (actor.ended) return;
    this.history.push(`${actor.name}: dies`);
    actor.dead = true;
    await this.cut(actor);
    for (const { drop } of actor.waiting.splice(0)) drop();
    await actor.end;
    await breath();
  }

  /** Ends the actor's sessions; it meets an error when it goes on. False when it has none in hand. */
  async cut(actor: Actor): Promise<boolean> {
    const held = [...actor.sessions];
    await this.#sessions.end(held.map(([pid]) => pid));
    await Promise.all(held.map(([, gone]) => gone()));
    return held.length > 0;
  }

  async #happen(actor: Actor, step: Step): Promise<void> {
    actor.waiting.splice(actor.waiting.indexOf(step), 1);
    this.history.push(`${actor.name}: ${step.label}`);
    const over = step.run().finally(() => {
      actor.blocked.delete(step);
      this.#wake();
    });
    while ((await Promise.race([over, pause(10, 'still')])) === 'still') {
      if ((await this.#sessions.waitingForLocks([step.pid])).length === 0) continue;
      this.history.push(`${actor.name}: waits for a lock`);
      actor.blocked.add(step);
      return;
    }
  }

  /** Until each of the actors waits for the stage or for a lock, or has ended. */
  async #rest(actors: readonly Actor[]): Promise<void> {
    for (;;) {
      await breath();
      const blocked = actors.flatMap((actor) => [...actor.blocked]);
      const locked = new Set(await this.#sessions.waitingForLocks(blocked.map(({ pid }) => pid)));
      const goesOn = blocked.some(({ pid }) => !locked.has(pid));
      const busy = actors.some(({ ended, waiting, blocked: { size } }) => !ended && waiting.length === 0 && size === 0);
      if (!goesOn && !busy) return;
      // A notice can come before anybody waits for it; asking again costs nothing.
      await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), pause(goesOn ? 2 : 20)]);
    }
  }
}

function pidsOf(actors: readonly Actor[]): number[] {
  return actors.flatMap(({ blocked }) => [...blocked].map(({ pid }) => pid));
}
