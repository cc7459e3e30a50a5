import { z } from 'zod';

/** What the vendor can be like. Where its documents leave something open, both can be had. */
const quirksSchema = z.strictObject({
  /** Requests allowed in a window of so many seconds; null for no limit. */
  quota: z.strictObject({ requests: z.int().min(1), windowSeconds: z.number().positive() }).nullable(),
  /** Records that one question gives at most, however many there are. */
  cap: z.int().min(1),
  /** A question for what is in the trash has everything else too. */
  trashedAlso: z.boolean(),
  /** The integration may not read contents: pages are an id and nothing else. */
  partial: z.boolean(),
  /** Cursors are refused as soon as anything has changed since they were given. */
  cursorsShortLived: z.boolean(),
});
export type Quirks = z.infer<typeof quirksSchema>;
export const quirksChangeSchema = quirksSchema.partial();

export const DEFAULT_QUIRKS: Quirks = {
  quota: { requests: 180, windowSeconds: 60 },
  cap: 10_000,
  trashedAlso: false,
  partial: false,
  cursorsShortLived: false,
};
