const longestRestMs = 3_600_000;
// Date.parse takes nearly anything ("-1" is a day in 2001), so only what looks like an HTTP date gets there.
const httpDate = /^[A-Z][a-z]{2,8}, ?\d/;
const seconds = /^\d+(\.\d+)?$/;

type Headers = Readonly<Record<string, string>>;

/**
 * How long Retry-After (seconds or HTTP date) asks us to stay away, in ms, at most one hour. Undefined where it says
 * nothing that makes sense: missing, zero, negative, past, garbage.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (seconds.test(value)) return sensible(Number(value) * 1_000);
  return httpDate.test(value) ? sensible(Date.parse(value) - clockOf(headers)) : undefined;
}

/**
 * The same for a 429, where the end of the window stands in for a missing Retry-After: X-RateLimit-Reset (UNIX time;
 * Cliniko sends only that) or RateLimit-Reset (seconds from now). On other answers it is no reason to wait.
 */
export function rateLimitRestMs(headers: Headers): number | undefined {
  const moment = headers['x-ratelimit-reset']?.trim() ?? '';
  const delay = headers['ratelimit-reset']?.trim() ?? '';
  // One second more: the moment is given, and the clock may be, in whole seconds.
  return (
    retryAfterMs(headers) ??
    (seconds.test(moment) ? sensible((Number(moment) + 1) * 1_000 - clockOf(headers)) : undefined) ??
    (seconds.test(delay) ? sensible(Number(delay) * 1_000) : undefined)
  );
}

/** The vendor's own clock where it sends it: ours may differ. */
function clockOf(headers: Headers): number {
  const sentAt = Date.parse(headers.date ?? '');
  return Number.isNaN(sentAt) ? Date.now() : sentAt;
}

function sensible(ms: number): number | undefined {
  return ms > 0 ? Math.min(Math.ceil(ms), longestRestMs) : undefined;
}
