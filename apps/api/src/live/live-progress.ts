import { createProgressWatch, type ProgressWatch } from '@syncline/engine';
import type { Logger } from 'pino';
import { createStreamPlaces, type StreamPlaces } from './stream-places.js';

/** What this process needs to tell many clients how far syncs are. */
export interface LiveProgress {
  readonly watch: ProgressWatch;
  readonly places: StreamPlaces;
  /** How often a stream that has no news says so, and how often it is looked whether its API key is good still. */
  readonly heartbeatMs: number;
  /** A stream ends by itself after it, and the client comes back: so none outlives the token it was opened with by more. */
  readonly longestMs: number;
}

const defaults = { everyMs: 500, streamsOfACaller: 20, heartbeatMs: 15_000, longestMs: 15 * 60_000 };

export type LiveSettings = typeof defaults;

export function openLiveProgress(log: Pick<Logger, 'warn'>, settings: Partial<LiveSettings> = {}): LiveProgress {
  const { everyMs, streamsOfACaller, heartbeatMs, longestMs } = { ...defaults, ...settings };
  return {
    watch: createProgressWatch(log, everyMs),
    places: createStreamPlaces(streamsOfACaller),
    heartbeatMs,
    longestMs,
  };
}
