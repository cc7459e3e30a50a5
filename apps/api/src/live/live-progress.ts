import { createNowWatch, createProgressWatch, type NowWatch, type ProgressWatch } from '@syncline/engine';
import type { Logger } from 'pino';
import { createStreamPlaces, type StreamPlaces } from './stream-places.js';

/** What this process needs to tell many clients how far syncs are, and what changes. */
export interface LiveProgress {
  readonly watch: ProgressWatch;
  /** Of whole organizations. */
  readonly now: NowWatch;
  readonly places: StreamPlaces;
  /** How often a stream that has no news says so, and how often it is looked whether its API key is good still. */
  readonly heartbeatMs: number;
  /** A stream ends by itself after it, and the client comes back: so none outlives the token it was opened with by more. */
  readonly longestMs: number;
}

const defaults = { everyMs: 500, nowEveryMs: 1_000, streamsOfACaller: 20, heartbeatMs: 15_000, longestMs: 15 * 60_000 };

export type LiveSettings = typeof defaults;

export function openLiveProgress(log: Pick<Logger, 'warn'>, settings: Partial<LiveSettings> = {}): LiveProgress {
  const { everyMs, nowEveryMs, streamsOfACaller, heartbeatMs, longestMs } = { ...defaults, ...settings };
  return {
    watch: createProgressWatch(log, everyMs),
    now: createNowWatch(log, nowEveryMs),
    places: createStreamPlaces(streamsOfACaller),
    heartbeatMs,
    longestMs,
  };
}

/** Streams and waits would hold up the end of the process; their clients come back, to another one. */
export function closeLive({ watch, now }: LiveProgress): void {
  watch.close();
  now.close();
}
