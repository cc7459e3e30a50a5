import { definedOnly } from '../../simulation/defined-only.js';
import { DEFAULT_QUIRKS, type Quirks, quirksChangeSchema } from './quirks.js';
import {
  DEFAULT_WEBHOOK_SETTINGS,
  type WebhookSettings,
  webhookSettingsChangeSchema,
} from './webhooks/webhook-settings.js';

/** How a simulator is to be started. The same seed, sizes and day make the same data on every machine. */
export interface SimulatorOptions {
  /** Default 1. */
  seed?: number;
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
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** The machine's clock that the vendor's runs with. */
  now?: () => Date;
  quirks?: Partial<Quirks>;
  /** How events are sent to subscribers, and what goes wrong with them. */
  webhooks?: Partial<WebhookSettings>;
  /** Seeded changes over time, for demonstrations. Default 0. */
  editsPerMinute?: number;
  /** How many requests are kept in full. Default 10,000. */
  logSize?: number;
}

/** Options with nothing left out. */
export interface ResolvedOptions extends Required<Omit<SimulatorOptions, 'quirks' | 'transactions' | 'webhooks'>> {
  transactions: number | undefined;
  quirks: Quirks;
  webhooks: WebhookSettings;
}

/** Fills in what was left out and refuses what cannot be. */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { merchants = 40, months = 3, lineItems = 5, transactions } = options;
  for (const size of [merchants, months, lineItems, transactions ?? 0]) {
    if (!Number.isInteger(size) || size < 0 || size > 100_000_000) throw new Error(`Not a number of records: ${size}.`);
  }
  return {
    seed: options.seed ?? 1,
    merchants,
    months: Math.max(1, months),
    transactions,
    lineItems,
    apiKey: options.apiKey ?? 'simulated-key',
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    now: options.now ?? (() => new Date()),
    quirks: { ...DEFAULT_QUIRKS, ...definedOnly(quirksChangeSchema.parse(options.quirks ?? {})) },
    webhooks: {
      ...DEFAULT_WEBHOOK_SETTINGS,
      ...definedOnly(webhookSettingsChangeSchema.parse(options.webhooks ?? {})),
    },
    editsPerMinute: options.editsPerMinute ?? 0,
    logSize: options.logSize ?? 10_000,
  };
}
