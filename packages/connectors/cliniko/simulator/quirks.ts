import { z } from 'zod';

/** What the vendor can be like. Where its documents and what people say differ, both can be had. */
const quirksSchema = z.strictObject({
  /** Lists leave cancelled appointments out unless a filter speaks of `cancelled_at`. */
  cancelledHidden: z.boolean(),
  /** A User-Agent without a name and an address to write to is refused with 403. */
  userAgentRequired: z.boolean(),
  /** Requests allowed in a window of so many seconds; null for no limit. */
  quota: z.strictObject({ requests: z.int().min(1), windowSeconds: z.number().positive() }).nullable(),
  /** A 429 has Retry-After beside X-RateLimit-Reset. */
  retryAfter: z.boolean(),
  /** `sort` has no effect: lists are in the order of creation, newest first. */
  sortIgnored: z.boolean(),
  /** Links lead to this host, as behind a proxy. Null: to the simulator itself. */
  linkOrigin: z.string().nullable(),
});
export type Quirks = z.infer<typeof quirksSchema>;
export const quirksChangeSchema = quirksSchema.partial();

export const DEFAULT_QUIRKS: Quirks = {
  cancelledHidden: true,
  userAgentRequired: true,
  quota: { requests: 200, windowSeconds: 60 },
  retryAfter: false,
  sortIgnored: false,
  linkOrigin: null,
};
