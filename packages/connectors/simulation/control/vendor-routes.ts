import { z } from 'zod';
import { definedOnly } from '../defined-only.js';
import { json } from '../http/reply.js';
import type { RequestLog } from '../http/request-log.js';
import type { VendorClock } from '../vendor-clock.js';
import type { ControlRoute } from './control-route.js';

const clockSchema = z.strictObject({
  now: z.iso.datetime({ offset: true }).optional(),
  advanceSeconds: z.number().optional(),
  stopped: z.boolean().optional(),
});

/** A running vendor, as far as these routes are concerned. */
interface Vendor<Quirks> {
  readonly requests: RequestLog;
  readonly clock: VendorClock;
  readonly quirks: Readonly<Quirks>;
  setQuirks(change?: Partial<Quirks>): void;
  state(): object;
}

/** The vendor itself: what it is like, what time it has, what it was asked. */
export function vendorRoutes<Quirks>(quirksChange: z.ZodType): readonly ControlRoute<Vendor<Quirks>>[] {
  return [
    {
      method: 'GET',
      pattern: /^state$/,
      handle: ({ simulator }) => json(simulator.state()),
    },
    {
      method: 'PUT',
      pattern: /^quirks$/,
      handle: ({ simulator, body }) => {
        simulator.setQuirks(definedOnly(quirksChange.parse(body) as Partial<Quirks>) as Partial<Quirks>);
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
}
