/** One request as it was seen. `status` is null while it is being answered. */
export interface LoggedRequest {
  /** Counts all requests since the last reset, from 1. */
  number: number;
  /** The vendor's clock. */
  time: string;
  /** The machine's monotonic clock in milliseconds: intervals measured with it are real. */
  arrivedMs: number;
  method: string;
  path: string;
  query: Record<string, string>;
  status: number | null;
}

/** The most requests that came within any window of a length. */
export interface BusiestWindow {
  seconds: number;
  requests: number;
  /** `arrivedMs` of the window's first request, or null where there was none. */
  fromMs: number | null;
}

/** Arrivals kept for {@link RequestLog.busiestWindow}; the oldest are forgotten beyond. */
const ARRIVALS = 1_000_000;

/** What was asked of the vendor: the last requests in full, totals and arrival times of all. */
export class RequestLog {
  readonly #capacity: number;
  #ring: LoggedRequest[] = [];
  #arrivals: number[] = [];
  #totals = new Map<string, number>();
  #count = 0;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** How many requests came since the last reset. */
  get count(): number {
    return this.#count;
  }

  /** The last requests, oldest first. */
  get entries(): LoggedRequest[] {
    const start = this.#count % this.#capacity;
    return this.#count <= this.#capacity
      ? [...this.#ring]
      : [...this.#ring.slice(start), ...this.#ring.slice(0, start)];
  }

  /** How many requests each path got, by method and path in lower case, record ids replaced by `{id}`. */
  get totals(): Record<string, number> {
    return Object.fromEntries(this.#totals);
  }

  /** Notes an arrival; the entry is completed when the answer's status is known. */
  begin(time: string, method: string, path: string, query: URLSearchParams): LoggedRequest {
    const arrivedMs = performance.now();
    const entry: LoggedRequest = {
      number: this.#count + 1,
      time,
      arrivedMs,
      method,
      path,
      // What comes several times is one text, in its order.
      query: Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(' ')])),
      status: null,
    };
    this.#ring[this.#count % this.#capacity] = entry;
    this.#count++;
    this.#arrivals.push(arrivedMs);
    if (this.#arrivals.length > ARRIVALS) this.#arrivals = this.#arrivals.slice(ARRIVALS / 2);
    const name = `${method} ${path.toLowerCase().replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\b\d{4,}\b/, '{id}')}`;
    this.#totals.set(name, (this.#totals.get(name) ?? 0) + 1);
    return entry;
  }

  /** Finds the fullest sliding window: what a quota would have been held against. */
  busiestWindow(seconds: number): BusiestWindow {
    const busiest: BusiestWindow = { seconds, requests: 0, fromMs: null };
    let first = 0;
    this.#arrivals.forEach((arrival, at) => {
      while (first < at && arrival - (this.#arrivals[first] ?? arrival) >= seconds * 1000) first++;
      if (at - first + 1 <= busiest.requests) return;
      busiest.requests = at - first + 1;
      busiest.fromMs = this.#arrivals[first] ?? null;
    });
    return busiest;
  }

  /** Forgets everything. */
  reset(): void {
    this.#ring = [];
    this.#arrivals = [];
    this.#totals = new Map();
    this.#count = 0;
  }
}
