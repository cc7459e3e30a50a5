import { z } from 'zod';
import { DEFAULT_SENDER_SETTINGS, senderSettingsSchema } from '../../../simulation/webhooks/sender-settings.js';

const settingsSchema = senderSettingsSchema.extend({
  /** Events that are followed by one of another database or workspace. */
  otherSources: z.number().min(0).max(1),
  /** Sends `x-notion-timestamp`, which the vendor does not have, but some receivers wait for. */
  timestampHeader: z.boolean(),
});
export type WebhookSettings = z.infer<typeof settingsSchema>;
export const webhookSettingsChangeSchema = settingsSchema.partial();

export const DEFAULT_WEBHOOK_SETTINGS: WebhookSettings = {
  ...DEFAULT_SENDER_SETTINGS,
  otherSources: 0,
  timestampHeader: false,
};
