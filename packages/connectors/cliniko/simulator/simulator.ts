import type { BaseState, KeyedSimulator } from '../../simulation/simulator.js';
import type { Entity } from './data/entities.js';
import type { Quirks } from './quirks.js';
import type { SimulatorStore } from './store.js';

/** A running vendor. What the control endpoint offers over HTTP is here for tests in the same process. */
export interface Simulator extends KeyedSimulator<Quirks> {
  readonly credentials: { readonly apiKey: string; readonly contactEmail: string };
  readonly store: SimulatorStore;
  state(): SimulatorState;
}

/** What a test needs to know to believe its own result. */
interface SimulatorState extends BaseState<Quirks> {
  counts: Record<Entity, number>;
  removed: Record<Entity, number>;
}
