import { z } from 'zod';
import type { ControlRoute } from '../../../simulation/control/control-route.js';
import { faultRoutes } from '../../../simulation/control/fault-routes.js';
import { vendorRoutes } from '../../../simulation/control/vendor-routes.js';
import { json } from '../../../simulation/http/reply.js';
import { type Quirks, quirksChangeSchema } from '../quirks.js';
import type { Simulator } from '../simulator.js';
import { webhookRoutes } from './webhook-routes.js';

const amount = z.int().min(0).optional();
const mutationSchema = z.strictObject({ seed: z.int().optional(), edits: amount, adds: amount, trashes: amount });
const additionSchema = z.strictObject({ name: z.string().optional() }).default({});
const valueSchema = z.strictObject({ property: z.string(), value: z.unknown() });

/** Everything that can be asked of `/__simulator/`. */
export const controlRoutes: readonly ControlRoute<Simulator>[] = [
  ...vendorRoutes<Quirks>(quirksChangeSchema),
  ...faultRoutes,
  ...webhookRoutes,
  {
    method: 'POST',
    pattern: /^mutate$/,
    handle: ({ simulator, body }) => json(simulator.store.mutate(mutationSchema.parse(body))),
  },
  {
    method: 'GET',
    pattern: /^pages$/,
    handle: ({ simulator }) => json({ ids: simulator.store.ids() }),
  },
  {
    method: 'POST',
    pattern: /^pages$/,
    handle: ({ simulator, body }) => json({ id: simulator.store.add(additionSchema.parse(body).name) }, 201),
  },
  {
    method: 'PATCH',
    pattern: /^pages\/([0-9a-f-]+)$/,
    handle: ({ simulator, params: [id = ''], body }) => {
      const { property, value } = valueSchema.parse(body);
      simulator.store.set(id, property, value);
      return json({ id });
    },
  },
  {
    method: 'POST',
    pattern: /^pages\/([0-9a-f-]+)\/(edit|trash|restore|share|unshare)$/,
    handle: ({ simulator: { store }, params: [id = '', action] }) => {
      if (action === 'edit') store.edit(id);
      else if (action === 'trash' || action === 'restore') store.trash(id, action === 'trash');
      else store.share(id, action === 'share');
      return json({ id });
    },
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
