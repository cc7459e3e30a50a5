/** One HTTP request to a vendor, before authentication. */
export interface VendorRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute, or relative to the connection's base URL (`accounts`, not `/accounts`). */
  readonly url: string;
  /** A list is sent as the same parameter several times, in its order. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as application/x-www-form-urlencoded. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as application/json; not together with `form`. */
  readonly json?: unknown;
  /** Longest time for the whole call, body included, in milliseconds. The road has a default. */
  readonly deadlineMs?: number;
}

/** An answer whose body was read completely, within the deadline and the size cap. */
export interface VendorResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded as UTF-8. */
  readonly body: string;
  /**
   * The vendor's clock when the request was sent: its Date header less the time the call took, so that a change made
   * while the vendor was still answering is not before it. Undefined where the vendor sends no (valid) Date.
   */
  readonly vendorTime: Date | undefined;
  readonly elapsedMs: number;
}

/**
 * Sends one request over the road (egress guard, budget, breaker, retries, deadline, size cap). Answers 2xx and 4xx;
 * throws SyncError for everything that the road itself deals with (UPSTREAM_UNREACHABLE, _TIMEOUT, _UNAVAILABLE,
 * _RATE_LIMITED, _TOO_LARGE, EGRESS_REFUSED, BUDGET_WAIT, BUDGET_UNAVAILABLE, CIRCUIT_OPEN).
 */
export type Send = (request: VendorRequest) => Promise<VendorResponse>;

/**
 * Who goes first when a budget is short, in this order; the mode of a sync run is the priority of its requests. The
 * lower ones get less, but never nothing.
 */
export const priorities = ['webhook', 'incremental', 'full', 'backfill'] as const;
export type Priority = (typeof priorities)[number];

/** A quota of the vendor: at most `requests` in any `seconds`. */
export interface BudgetWindow {
  readonly requests: number;
  readonly seconds: number;
}
