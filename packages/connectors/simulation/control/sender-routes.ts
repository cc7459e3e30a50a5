import type { z } from 'zod';
import { definedOnly } from '../defined-only.js';
import { json, Refusal } from '../http/reply.js';
import type { DeliveryReport } from '../webhooks/tally.js';
import type { ControlRoute } from './control-route.js';

/** Who sends events, as far as these routes are concerned. */
interface SendingVendor<Settings> {
  readonly webhooks: {
    readonly settings: Readonly<Settings>;
    readonly deliveries: readonly DeliveryReport[];
    set(change?: Partial<Settings>): void;
    report(): object;
    idle(): Promise<void>;
  };
}

/** What was sent, and how badly it is to be sent from now on. */
export function senderRoutes<Settings>(settingsChange: z.ZodType): readonly ControlRoute<SendingVendor<Settings>>[] {
  return [
    {
      method: 'GET',
      pattern: /^webhooks$/,
      handle: ({ simulator: { webhooks } }) => json(webhooks.report()),
    },
    {
      method: 'PUT',
      pattern: /^webhooks\/settings$/,
      handle: ({ simulator: { webhooks }, body }) => {
        webhooks.set(definedOnly(settingsChange.parse(body) as Partial<Settings>) as Partial<Settings>);
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
}
