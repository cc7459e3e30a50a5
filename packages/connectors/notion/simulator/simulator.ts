import type { BaseState, KeyedSimulator } from '../../simulation/simulator.js';
import type { Quirks } from './quirks.js';
import type { SimulatorStore } from './store.js';
import type { Webhooks } from './webhooks/webhooks.js';

/** A running vendor. What the control endpoint offers over HTTP is here for tests in the same process. */
export interface Simulator extends KeyedSimulator<Quirks> {
  readonly credentials: { readonly apiKey: string };
  readonly databaseId: string;
  readonly store: SimulatorStore;
  /** Who is told what happens in the store. */
  readonly webhooks: Webhooks;
  state(): SimulatorState;
}

/** What a test needs to know to believe its own result. */
interface SimulatorState extends BaseState<Quirks> {
  /** Pages that the integration sees, and how many of them are in the trash. */
  clients: number;
  trashed: number;
  webhooks: ReturnType<Webhooks['report']>;
}
