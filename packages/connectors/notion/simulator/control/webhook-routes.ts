import { z } from 'zod';
import type { ControlRoute } from '../../../simulation/control/control-route.js';
import { definedOnly } from '../../../simulation/defined-only.js';
import { json, Refusal } from '../../../simulation/http/reply.js';
import type { WebhookSettings } from '../webhooks/webhook-settings.js';
import { webhookSettingsChangeSchema } from '../webhooks/webhook-settings.js';
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
  {
    method: 'GET',
    pattern: /^webhooks$/,
    handle: ({ simulator: { webhooks } }) => json(webhooks.report()),
  },
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
  {
    method: 'PUT',
    pattern: /^webhooks\/settings$/,
    handle: ({ simulator: { webhooks }, body }) => {
      const change = definedOnly(webhookSettingsChangeSchema.parse(body));
      webhooks.set(change as Partial<WebhookSettings>);
      return json(webhooks.settings);
    },
  },
  {
    method: 'DELETE',
    pattern: /^webhooks\/settings$/,
    handle: ({ simulator: { webhooks } }) => {
      webhooks.set();
      return json(webhooks.settings);
    },
  },
  {
    method: 'GET',
    pattern: /^webhooks\/deliveries$/,
    handle: ({ simulator: { webhooks } }) => json(webhooks.deliveries),
  },
  {
    method: 'GET',
    pattern: /^webhooks\/idle$/,
    handle: async ({ simulator: { webhooks }, query, departure }) => {
      const patience = AbortSignal.timeout(Number(query.get('timeoutSeconds') ?? 10) * 1000);
      const signal = AbortSignal.any([patience, departure.signal]);
      const tooLate = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new Refusal(408, { error: 'Events are still on their way.' })));
      });
      await Promise.race([webhooks.idle(), tooLate]);
      return json(webhooks.report());
    },
  },
];
