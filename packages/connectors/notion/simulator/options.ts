import { definedOnly } from '../../simulation/defined-only.js';
import { type BaseOptions, type ResolvedBase, resolveBase } from '../../simulation/simulator-options.js';
import { DEFAULT_QUIRKS, type Quirks, quirksChangeSchema } from './quirks.js';
import {
  DEFAULT_WEBHOOK_SETTINGS,
  type WebhookSettings,
  webhookSettingsChangeSchema,
} from './webhooks/webhook-settings.js';

/** How a simulator is to be started. The same seed, sizes and hour make the same data on every machine. */
export interface SimulatorOptions extends BaseOptions<Quirks> {
  /** Default 26. */
  clients?: number;
  /** Data sources of the database; the clients are in the first. Default 1. */
  dataSources?: number;
  /** Default `ntn_simulated_key`. */
  apiKey?: string;
  /** How events are sent to subscribers, and what goes wrong with them. */
  webhooks?: Partial<WebhookSettings>;
}

/** Options with nothing left out. */
export interface ResolvedOptions extends ResolvedBase<Quirks> {
  clients: number;
  dataSources: number;
  apiKey: string;
  webhooks: WebhookSettings;
}

/** Fills in what was left out and refuses what cannot be. */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { clients = 26, dataSources = 1 } = options;
  for (const size of [clients, dataSources]) {
    if (!Number.isInteger(size) || size < 0 || size > 1_000_000) throw new Error(`Not a number of records: ${size}.`);
  }
  return {
    ...resolveBase(options, DEFAULT_QUIRKS, quirksChangeSchema),
    clients,
    dataSources,
    apiKey: options.apiKey ?? 'ntn_simulated_key',
    webhooks: {
      ...DEFAULT_WEBHOOK_SETTINGS,
      ...definedOnly(webhookSettingsChangeSchema.parse(options.webhooks ?? {})),
    },
  };
}
