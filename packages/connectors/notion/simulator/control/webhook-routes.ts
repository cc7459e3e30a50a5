import { z } from 'zod';
import type { ControlRoute } from '../../../simulation/control/control-route.js';
import { senderRoutes } from '../../../simulation/control/sender-routes.js';
import { json } from '../../../simulation/http/reply.js';
import { type WebhookSettings, webhookSettingsChangeSchema } from '../webhooks/webhook-settings.js';
import type { Webhooks } from '../webhooks/webhooks.js';

const token = z.string().min(1);
const url = z.url({ protocol: /^https?$/ });
const subscribeSchema = z.strictObject({
  url,
  mode: z.enum(['signed', 'unsigned']).optional(),
  token: token.optional(),
});
const attachSchema = z.strictObject({ url, token });
const verifySchema = z.strictObject({ token });

/** Who is told of events, and how badly. */
export const webhookRoutes: readonly ControlRoute<{ readonly webhooks: Webhooks }>[] = [
  ...senderRoutes<WebhookSettings>(webhookSettingsChangeSchema),
  {
    method: 'POST',
    pattern: /^webhooks\/subscribe$/,
    handle: async ({ simulator: { webhooks }, body }) =>
      json(await webhooks.subscribe(subscribeSchema.parse(body)), 201),
  },
  {
    method: 'POST',
    pattern: /^webhooks\/verify$/,
    handle: ({ simulator: { webhooks }, body }) => json({ id: webhooks.verify(verifySchema.parse(body).token) }),
  },
  {
    method: 'POST',
    pattern: /^webhooks\/attach$/,
    handle: ({ simulator: { webhooks }, body }) => json({ id: webhooks.attach(attachSchema.parse(body)) }, 201),
  },
  {
    method: 'DELETE',
    pattern: /^webhooks(?:\/([0-9a-f-]{36}))?$/,
    handle: ({ simulator: { webhooks }, params: [id] }) => {
      webhooks.unsubscribe(id);
      return json(webhooks.report());
    },
  },
];
