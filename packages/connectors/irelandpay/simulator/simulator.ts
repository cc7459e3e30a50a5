import type { FaultBoard, FaultReport } from '../../simulation/faults/fault-board.js';
import type { HoldBoard, HoldReport } from '../../simulation/faults/hold-board.js';
import type { RequestLog } from '../../simulation/http/request-log.js';
import type { VendorClock } from '../../simulation/vendor-clock.js';
import type { Quirks } from './quirks.js';
import type { SimulatorStore } from './store.js';
import type { Webhooks } from './webhooks/webhooks.js';

/** A running vendor. What the control endpoint offers over HTTP is here for tests in the same process. */
export interface Simulator {
  /** Base of the API, with a slash at the end. */
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  readonly credentials: { readonly apiKey: string };
  readonly store: SimulatorStore;
  readonly requests: RequestLog;
  readonly clock: VendorClock;
  readonly faults: FaultBoard;
  readonly holds: HoldBoard;
  /** Who is told what happens in the store. */
  readonly webhooks: Webhooks;
  /** The quirks in force. Change them with {@link setQuirks}. */
  readonly quirks: Readonly<Quirks>;
  /** Switches the quirks that are named; without any, all return to what they were at the start. */
  setQuirks(change?: Partial<Quirks>): void;
  /** Refuses the key from now on, or takes it again. */
  revokeKey(revoked: boolean): void;
  state(): SimulatorState;
  close(): Promise<void>;
}

/** What a test needs to know to believe its own result. */
interface SimulatorState {
  seed: number;
  now: string;
  merchants: number;
  /** Of the start; those of late batches are not among them. */
  transactions: number;
  requests: number;
  /** Requests refused by the quota. */
  quotaRefused: number;
  /** Requests struck by a fault, since the start. */
  faultsHit: number;
  faults: FaultReport[];
  holds: HoldReport[];
  quirks: Quirks;
  webhooks: ReturnType<Webhooks['report']>;
}
