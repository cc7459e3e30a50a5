import { z } from 'zod';
import type { ControlRoute } from '../../../simulation/control/control-route.js';
import { json } from '../../../simulation/http/reply.js';
import type { Simulator } from '../simulator.js';

const expirySchema = z.strictObject({ revokeRefresh: z.boolean().optional() }).default({});

/** The end of the access tokens that are out. */
export const tokenRoutes: readonly ControlRoute<Simulator>[] = [
  {
    method: 'POST',
    pattern: /^expire-tokens$/,
    handle: ({ simulator, body }) => {
      simulator.expireTokens(expirySchema.parse(body));
      return json({ expired: true });
    },
  },
];
