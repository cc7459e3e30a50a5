import { FaultBoard, type FaultReport } from './faults/fault-board.js';
import { HoldBoard, type HoldReport } from './faults/hold-board.js';
import type { Frontage } from './http/exchange.js';
import { RequestLog } from './http/request-log.js';
import type { Served } from './serve.js';
import { VendorClock } from './vendor-clock.js';

/** What every running vendor has. What the control endpoint offers over HTTP is here for tests in the same process. */
export interface BaseSimulator<Quirks> {
  /** Base of the API, with a slash at the end. */
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  readonly requests: RequestLog;
  readonly clock: VendorClock;
  readonly faults: FaultBoard;
  readonly holds: HoldBoard;
  /** The quirks in force. Change them with {@link setQuirks}. */
  readonly quirks: Readonly<Quirks>;
  /** Switches the quirks that are named; without any, all return to what they were at the start. */
  setQuirks(change?: Partial<Quirks>): void;
  close(): Promise<void>;
}

/** The same of a vendor whose clients have a key. */
export interface KeyedSimulator<Quirks> extends BaseSimulator<Quirks> {
  /** Refuses the key from now on, or takes it again. */
  revokeKey(revoked: boolean): void;
}

/** What a test needs to know of any vendor to believe its own result. */
export interface BaseState<Quirks> {
  seed: number;
  now: string;
  requests: number;
  /** Requests refused by the quota. */
  quotaRefused: number;
  /** Requests struck by a fault, since the start. */
  faultsHit: number;
  faults: FaultReport[];
  holds: HoldReport[];
  quirks: Quirks;
}

/** What stands between a vendor and the network, as it is at the start. */
export function openFrontage(options: {
  readonly seed: number;
  readonly now: () => Date;
  readonly logSize: number;
}): Frontage {
  const { seed, now, logSize } = options;
  return {
    clock: new VendorClock(now),
    log: new RequestLog(logSize),
    faults: new FaultBoard(seed),
    holds: new HoldBoard(seed),
  };
}

/** What a running vendor has from its door and its quirks; `atStart` is what they return to. */
export function baseSimulator<Quirks extends object>(
  { origin, port }: Served,
  { clock, log, faults, holds }: Frontage,
  { quirks, atStart }: { readonly quirks: Quirks; readonly atStart: Quirks },
): Omit<BaseSimulator<Quirks>, 'url' | 'close'> {
  return {
    ...{ origin, port, requests: log, clock, faults, holds, quirks },
    setQuirks: (change) => void Object.assign(quirks, change ?? atStart),
  };
}

export function baseState<Quirks>(
  { clock, log, faults, holds }: Frontage,
  more: Pick<BaseState<Quirks>, 'seed' | 'quotaRefused' | 'quirks'>,
): BaseState<Quirks> {
  return {
    ...more,
    now: new Date(clock.nowMs()).toISOString(),
    requests: log.count,
    faultsHit: faults.struck,
    faults: faults.report(),
    holds: holds.report(),
  };
}
