import { z } from 'zod';
import { json } from '../http/reply.js';
import { definedOnly } from '../options.js';
import { quirksChangeSchema } from '../quirks.js';
import type { ControlRoute } from './control-route.js';

const clockSchema = z.strictObject({
  now: z.iso.datetime({ offset: true }).optional(),
  advanceSeconds: z.number().optional(),
  stopped: z.boolean().optional(),
});
const expirySchema = z.strictObject({ revokeRefresh: z.boolean().optional() }).default({});

/** The vendor itself: what it is like, what time it has, what it was asked. */
export const vendorRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    pattern: /^state$/,
    handle: ({ simulator }) => json(simulator.state()),
  },
  {
    method: 'PUT',
    pattern: /^quirks$/,
    handle: ({ simulator, body }) => {
      simulator.setQuirks(definedOnly(quirksChangeSchema.parse(body)));
      return json(simulator.quirks);
    },
  },
  {
    method: 'DELETE',
    pattern: /^quirks$/,
    handle: ({ simulator }) => {
      simulator.setQuirks();
      return json(simulator.quirks);
    },
  },
  {
    method: 'PUT',
    pattern: /^clock$/,
    handle: ({ simulator: { clock }, body }) => {
      const { now, advanceSeconds, stopped } = clockSchema.parse(body);
      if (stopped !== undefined) clock.stop(stopped);
      if (now !== undefined) clock.set(Date.parse(now));
      if (advanceSeconds !== undefined) clock.advance(advanceSeconds);
      return json({ now: new Date(clock.nowMs()).toISOString() });
    },
  },
  {
    method: 'POST',
    pattern: /^expire-tokens$/,
    handle: ({ simulator, body }) => {
      simulator.expireTokens(expirySchema.parse(body));
      return json({ expired: true });
    },
  },
  {
    method: 'GET',
    pattern: /^requests$/,
    handle: ({ simulator: { requests }, query }) => {
      const seconds = Number(query.get('windowSeconds') ?? 300);
      const { count, totals, entries } = requests;
      return json({ count, totals, busiestWindow: requests.busiestWindow(seconds), requests: entries });
    },
  },
  {
    method: 'DELETE',
    pattern: /^requests$/,
    handle: ({ simulator }) => {
      simulator.requests.reset();
      return json({ count: 0 });
    },
  },
];
