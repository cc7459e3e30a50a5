import type { BudgetWindow } from '@syncline/connector-kit';

type Headers = Readonly<Record<string, string>>;

/** A vendor has fewer requests left for us than we believe. */
export interface Shortfall {
  readonly window: BudgetWindow;
  readonly left: number;
  /** What we had when the call went out. */
  readonly ours: number;
  /** How long ago we may have sent something that the vendor has counted in it, in ms. */
  readonly sinceMs: number;
}

/** Answers under way overtake each other: below this share of the budget a difference is more likely that. */
const noise = 0.02;
/** For longer than this Redis does not look back (acquire.lua), so that an older answer would look like foreign use. */
const longestMs = 9_000;
/** Between our looking at the clock and Redis' looking at its own. */
const marginMs = 500;

const leading = /^\s*(\d{1,9})\s*(?:[,;].*)?$/;

/**
 * Whether an answer's headers (X-RateLimit-Remaining or RateLimit-Remaining, with -Limit) say that somebody else uses
 * the same quota, so that it is worth a round trip to Redis. A budget that is nearly used up is looked at closely.
 * @param left how many permits we had left in each of the windows when the call was made; empty: not known
 * @param elapsedMs since the permit was granted
 */
export function shortfallOf(
  headers: Headers,
  windows: readonly BudgetWindow[],
  left: readonly number[],
  elapsedMs: number,
): Shortfall | undefined {
  const remaining = numberOf(headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']);
  if (remaining === undefined || elapsedMs > longestMs) return undefined;
  const index = meant(windows, numberOf(headers['x-ratelimit-limit'] ?? headers['ratelimit-limit']));
  const window = windows[index];
  const ours = left[index];
  if (window === undefined || ours === undefined || remaining >= ours) return undefined;

  const uncertain = Math.ceil(window.requests * noise);
  if (ours - remaining <= uncertain && remaining > uncertain) return undefined;
  return { window, left: remaining, ours, sinceMs: elapsedMs + marginMs };
}

/** Which of our windows the vendor speaks of: the only one, or the one that is nearest to the limit it names. */
function meant(windows: readonly BudgetWindow[], limit: number | undefined): number {
  if (windows.length <= 1) return 0;
  if (limit === undefined) return -1;
  const distance = ({ requests }: BudgetWindow): number => Math.abs(Math.log(requests / Math.max(1, limit)));
  const nearest = Math.min(...windows.map(distance));
  return windows.findIndex((window) => distance(window) === nearest);
}

function numberOf(header: string | undefined): number | undefined {
  const digits = leading.exec(header ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
