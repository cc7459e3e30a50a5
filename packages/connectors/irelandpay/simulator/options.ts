import { definedOnly } from '../../simulation/defined-only.js';
import { type BaseOptions, type ResolvedBase, resolveBase } from '../../simulation/simulator-options.js';
import { DEFAULT_QUIRKS, type Quirks, quirksChangeSchema } from './quirks.js';
import {
  DEFAULT_WEBHOOK_SETTINGS,
  type WebhookSettings,
  webhookSettingsChangeSchema,
} from './webhooks/webhook-settings.js';

/** How a simulator is to be started. The same seed, sizes and day make the same data on every machine. */
export interface SimulatorOptions extends BaseOptions<Quirks> {
  /** Default 40. */
  merchants?: number;
  /** Calendar months of history, the present one included. Default 3. */
  months?: number;
  /** All merchants' transactions at the start, to the last one. Default 10 for each day that a merchant is open. */
  transactions?: number;
  /** Line items of each month's residuals. Default 5. */
  lineItems?: number;
  /** Default `simulated-key`. */
  apiKey?: string;
  /** How events are sent to subscribers, and what goes wrong with them. */
  webhooks?: Partial<WebhookSettings>;
}

/** Options with nothing left out. */
export interface ResolvedOptions extends ResolvedBase<Quirks> {
  merchants: number;
  months: number;
  transactions: number | undefined;
  lineItems: number;
  apiKey: string;
  webhooks: WebhookSettings;
}

/** Fills in what was left out and refuses what cannot be. */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { merchants = 40, months = 3, lineItems = 5, transactions } = options;
  for (const size of [merchants, months, lineItems, transactions ?? 0]) {
    if (!Number.isInteger(size) || size < 0 || size > 100_000_000) throw new Error(`Not a number of records: ${size}.`);
  }
  return {
    ...resolveBase(options, DEFAULT_QUIRKS, quirksChangeSchema),
    merchants,
    months: Math.max(1, months),
    transactions,
    lineItems,
    apiKey: options.apiKey ?? 'simulated-key',
    webhooks: {
      ...DEFAULT_WEBHOOK_SETTINGS,
      ...definedOnly(webhookSettingsChangeSchema.parse(options.webhooks ?? {})),
    },
  };
}
