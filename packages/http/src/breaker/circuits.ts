import type { Cluster, Redis } from 'ioredis';
import { Script } from '../redis/script.js';
import { withinPatience } from '../redis/within-patience.js';
import type { Outcome } from './outcome.js';
import { completeAfterMs, registrationMs, voterKeys } from './voters.js';

const enter = new Script('circuit-enter');
const vote = new Script('circuit-vote');
const probed = new Script('circuit-probed');
const byHand = new Script('circuit-by-hand');
const read = new Script('circuit');

export interface Entry {
  /** `probe`: go, and report how it ended. The other words: circuit-enter.lua. */
  readonly verdict: 'closed' | 'probe' | 'open' | 'trying' | 'held';
  readonly ms: number;
  /** When the circuit was closed last, as Redis writes it; empty where it does not know. */
  readonly closedAt: string;
}

/** How a circuit stands for the whole fleet. */
export interface CircuitState {
  /** `half_open`: the next request tries it, or one is doing so. */
  readonly state: 'closed' | 'open' | 'half_open';
  /** When it opened; of a closed one, when it was closed last, if that is still known. */
  readonly since: Date | undefined;
  /** When one request may try it. Undefined where it is closed, or held open until somebody closes it. */
  readonly until: Date | undefined;
  readonly openedBy: 'failures' | 'operator' | undefined;
  /** Who opened or closed it by hand. */
  readonly by: string | undefined;
  /** The workers that keep their own calls back now, also while the circuit is closed for the others. */
  readonly votes: readonly { readonly bootId: string; readonly since: Date }[];
}

/** The circuits of all credentials, in Redis. Every method throws SyncError BUDGET_UNAVAILABLE without it. */
export class Circuits {
  readonly #redis: Redis | Cluster;
  readonly #prefix: string;
  readonly #bootId: string;

  constructor(redis: Redis | Cluster, prefix: string, bootId: string) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#bootId = bootId;
  }

  /** @param leaseMs if the call is to try an open circuit: by when it has ended, or is given up */
  async enter(key: string, callId: string, leaseMs: number, signal?: AbortSignal): Promise<Entry> {
    const answer = enter.run(this.#redis, this.#keys(key).slice(0, 1), [callId, Math.ceil(leaseMs)]);
    // Nobody waits for it any more: if it came to be the probe, another call shall be.
    const giveBack = (late: unknown): void => {
      if ((late as [string])[0] === 'probe') this.probed(key, callId, 'neither', 0).catch(() => {});
    };
    const [verdict, ms, closedAt] = (await withinPatience(answer, signal, giveBack)) as [
      Entry['verdict'],
      number,
      string,
    ];
    return { verdict, ms, closedAt };
  }

  /** This worker keeps its calls back for `restMs`, and so long the vote counts. Answers the last closing that Redis knows of. */
  async vote(key: string, restMs: number, resetMs: number, closedAt: string): Promise<string> {
    const args = [this.#bootId, Math.ceil(restMs), Math.ceil(resetMs), closedAt, registrationMs, completeAfterMs];
    const [, last] = (await withinPatience(vote.run(this.#redis, this.#keys(key), args))) as [number, string];
    return last;
  }

  /** Answers the last closing that Redis knows of: its own, after a success. */
  async probed(key: string, callId: string, outcome: Outcome, resetMs: number): Promise<string> {
    const args = [callId, outcome, Math.ceil(resetMs)];
    return (await withinPatience(probed.run(this.#redis, this.#keys(key).slice(0, 2), args))) as string;
  }

  async byHand(key: string, what: 'open' | 'close', by: string): Promise<void> {
    await withinPatience(byHand.run(this.#redis, this.#keys(key).slice(0, 2), [what, by]));
  }

  async state(key: string): Promise<CircuitState> {
    const answer = (await withinPatience(read.run(this.#redis, this.#keys(key).slice(0, 3), []))) as [
      number,
      ...string[],
    ];
    const [due, openedBy = '', by = '', since = '', until = '', closedAt = '', ...votes] = answer;
    return {
      state: openedBy === '' ? 'closed' : due === 1 ? 'half_open' : 'open',
      since: dateOf(openedBy === '' ? closedAt : since),
      until: dateOf(until),
      openedBy: openedBy === '' ? undefined : (openedBy as 'failures' | 'operator'),
      by: by === '' ? undefined : by,
      votes: votes.flatMap((bootId, i) => (i % 2 === 0 ? [{ bootId, since: new Date(millis(votes[i + 1])) }] : [])),
    };
  }

  #keys(key: string): string[] {
    const circuit = `${this.#prefix}:circuit:${key}`;
    return [circuit, `${circuit}:votes`, ...voterKeys(this.#prefix)];
  }
}

function dateOf(micros: string): Date | undefined {
  return micros === '' ? undefined : new Date(millis(micros));
}

function millis(micros = ''): number {
  return Number(micros) / 1_000;
}
