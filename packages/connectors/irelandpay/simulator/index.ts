export type { SimulatorOptions } from './options.js';
export type { Quirks } from './quirks.js';
export { runSimulator } from './run-simulator.js';
export type { Simulator } from './simulator.js';
export { startSimulator } from './start-simulator.js';
export type { WebhookSettings } from './webhooks/webhook-settings.js';
