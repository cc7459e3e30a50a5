import { z } from 'zod';
import { DEFAULT_SENDER_SETTINGS, senderSettingsSchema } from '../../../simulation/webhooks/sender-settings.js';

const settingsSchema = senderSettingsSchema.extend({
  /** Gives each delivery a `requestId` of its own. Otherwise all have 1, as the specification's samples. */
  countRequests: z.boolean(),
});
export type WebhookSettings = z.infer<typeof settingsSchema>;
export const webhookSettingsChangeSchema = settingsSchema.partial();

export const DEFAULT_WEBHOOK_SETTINGS: WebhookSettings = { ...DEFAULT_SENDER_SETTINGS, countRequests: false };
