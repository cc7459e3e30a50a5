import { z } from 'zod';
import type { ControlRoute } from '../../../simulation/control/control-route.js';
import { faultRoutes } from '../../../simulation/control/fault-routes.js';
import { senderRoutes } from '../../../simulation/control/sender-routes.js';
import { vendorRoutes } from '../../../simulation/control/vendor-routes.js';
import { json, Refusal } from '../../../simulation/http/reply.js';
import { dayOf, monthOf } from '../data/calendar.js';
import { type Quirks, quirksChangeSchema } from '../quirks.js';
import type { Simulator } from '../simulator.js';
import { type WebhookSettings, webhookSettingsChangeSchema } from '../webhooks/webhook-settings.js';

const amount = z.int().min(0).optional();
const republication = z.strictObject({ changes: amount, removes: amount, adds: amount }).default({});
const batch = z.strictObject({ date: z.string(), cents: z.int() });
const rejection = z.strictObject({ why: z.string().optional() }).default({});

/** Everything that can be asked of `/__simulator/`. */
export const controlRoutes: readonly ControlRoute<Simulator>[] = [
  ...vendorRoutes<Quirks>(quirksChangeSchema),
  ...faultRoutes,
  ...senderRoutes<WebhookSettings>(webhookSettingsChangeSchema),
  {
    method: 'POST',
    pattern: /^webhooks\/test$/,
    handle: ({ simulator: { webhooks } }) => {
      webhooks.test();
      return json(webhooks.report());
    },
  },
  {
    method: 'GET',
    pattern: /^merchants$/,
    handle: ({ simulator: { store } }) => json({ mids: store.visible().map(({ mid }) => mid) }),
  },
  {
    method: 'POST',
    pattern: /^merchants$/,
    handle: ({ simulator: { store } }) => json({ mid: store.addMerchant().mid }, 201),
  },
  {
    method: 'POST',
    pattern: /^merchants\/(\d+)\/(edit|close|show|hide)$/,
    handle: ({ simulator: { store }, params: [mid = '', action] }) => {
      if (action === 'edit') store.edit(mid);
      else if (action === 'close') store.close(mid);
      else store.show(mid, action === 'show');
      return json({ mid });
    },
  },
  {
    method: 'POST',
    pattern: /^merchants\/(\d+)\/batches$/,
    handle: ({ simulator: { store }, params: [mid = ''], body }) => {
      const { date, cents } = batch.parse(body);
      const day = dayOf(date);
      if (day === undefined) throw new Refusal(400, { error: `${date} is no day.` });
      return json({ transaction: store.addBatch(mid, day, cents) }, 201);
    },
  },
  {
    method: 'GET',
    pattern: /^volumes\/(\d+)\/(\d{4})\/(\d{1,2})$/,
    handle: ({ simulator: { store }, params: [mid = '', year, month] }) =>
      json(store.volume(mid, monthOf(Number(year), Number(month)))),
  },
  {
    method: 'POST',
    pattern: /^transactions\/(\d+)\/reject$/,
    handle: ({ simulator: { store }, params: [id = ''], body }) => {
      store.reject(Number(id), rejection.parse(body).why);
      return json({ id });
    },
  },
  {
    method: 'POST',
    pattern: /^reports\/(\d+)\/(\d{4})\/(\d{1,2})\/republish$/,
    handle: ({ simulator: { store }, params: [processor, year, month], body }) => {
      const change = republication.parse(body);
      return json(store.republish(Number(processor), monthOf(Number(year), Number(month)), change));
    },
  },
  {
    method: 'POST',
    pattern: /^lineitems\/(\d{4})\/(\d{1,2})$/,
    handle: ({ simulator: { store }, params: [year, month] }) =>
      json({ id: store.addLineItem(monthOf(Number(year), Number(month))) }, 201),
  },
  {
    method: 'POST',
    pattern: /^key\/(revoke|restore)$/,
    handle: ({ simulator, params: [what] }) => {
      simulator.revokeKey(what === 'revoke');
      return json({ revoked: what === 'revoke' });
    },
  },
];
