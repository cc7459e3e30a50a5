import type { BaseSimulator, BaseState } from '../../simulation/simulator.js';
import type { Entity } from './data/entities.js';
import type { Credentials } from './oauth/token-book.js';
import type { Quirks } from './quirks.js';
import type { SimulatorStore } from './store/simulator-store.js';

/** A running vendor. What the control endpoint offers over HTTP is here for tests in the same process. */
export interface Simulator extends BaseSimulator<Quirks> {
  readonly credentials: Readonly<Credentials>;
  readonly store: SimulatorStore;
  /** Ends the life of all access tokens; `revokeRefresh` also refuses (or, if false, allows again) all refreshes. */
  expireTokens(options?: { revokeRefresh?: boolean | undefined }): void;
  state(): SimulatorState;
}

/** What a test needs to know to believe its own result. */
export interface SimulatorState extends BaseState<Quirks> {
  counts: Record<Entity, number>;
  deleted: Record<Entity, number>;
  /** Refresh tokens spent. */
  refreshes: number;
}
