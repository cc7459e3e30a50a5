import { setTimeout as pause } from 'node:timers/promises';
import type { WorkContext } from '../context.js';
import { oneAtATime } from '../wiring/one-at-a-time.js';
import { within } from '../wiring/within.js';
import type { Footing } from './judge-footing.js';
import { readFooting } from './read-footing.js';

const defaultPatienceMs = 5_000;
const retryMs = 1_000;

export interface FootingOptions {
  readonly everySeconds: number;
  /** How long Redis and Postgres may take to answer; 5 s unless told otherwise. Without an answer everything stays as it is. */
  readonly patienceMs?: number;
  /** Takes up work, or ends it: called in turns, never at the same time. */
  readonly begin: () => void;
  readonly end: () => Promise<void>;
}

export interface KeptFooting {
  /** Why nothing is worked on; undefined when something is, or when it is not known yet. */
  held(): string | undefined;
  /** Settles when it was looked for the first time, whatever came of it. */
  readonly first: Promise<void>;
  /** Settles after the signal. */
  readonly kept: Promise<void>;
}

/**
 * Looks every few seconds whether Postgres and Redis still belong together and are of a release that this one can work
 * with, until the signal. Work begins when that is certain and ends when it is certain that it is not so: while a service
 * is away nothing changes.
 */
export function keepFooting(ctx: WorkContext, signal: AbortSignal, options: FootingOptions): KeptFooting {
  const { patienceMs = defaultPatienceMs } = options;
  let held: string | undefined;
  let kind: string | undefined;
  let working = false;
  const settle = async (footing: Footing) => {
    const reason = holdOf(footing);
    const before = kind;
    kind = footing.kind === 'held' ? footing.reason : footing.kind;
    // The sentence has seconds in it; it is said once.
    if (reason !== undefined && kind !== before)
      ctx.log.error({ event: 'work.held', footing: kind, reason }, 'held: nothing is worked on');
    if (reason === undefined && held !== undefined) ctx.log.info({ event: 'work.resumed' }, 'work is taken up again');
    held = reason;
    if (reason === undefined && !working && !signal.aborted) {
      options.begin();
      working = true;
    }
    if (reason !== undefined && working) {
      working = false;
      await options.end();
    }
  };
  // A Redis that is away holds the question until it is back. Asked anew each time, all looks of a night would go on at once
  // then, each with its statements, when Postgres has the most to do.
  const ask = oneAtATime(() => readFooting(ctx));
  const look = async () => {
    try {
      await settle(await within(patienceMs, ask(), () => new Error(`no answer within ${patienceMs / 1_000} s`)));
      return options.everySeconds * 1_000;
    } catch (error) {
      ctx.log.debug(
        { event: 'work.unjudged', err: error },
        'it could not be looked whether Postgres and Redis belong together',
      );
      return retryMs;
    }
  };
  const first = look();
  const watch = async () => {
    let restMs = await first;
    while (!signal.aborted) {
      await pause(restMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) restMs = await look();
    }
  };
  return { held: () => held, first: first.then(() => undefined), kept: watch() };
}

/** What stands in the way in words; what the reconciler puts right by itself, too. */
function holdOf(footing: Footing): string | undefined {
  switch (footing.kind) {
    case 'free':
      return undefined;
    case 'held':
      return footing.message;
    case 'restored':
    case 'new-life':
      return 'Postgres was restored: the queues are being rebuilt from it.';
  }
}
