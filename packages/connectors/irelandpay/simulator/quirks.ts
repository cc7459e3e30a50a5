import { z } from 'zod';

/** What the vendor can be like. Where its documents leave something open, both can be had. */
const quirksSchema = z.strictObject({
  /** Requests allowed in a window of so many seconds; null for no limit. */
  quota: z.strictObject({ requests: z.int().min(1), windowSeconds: z.number().positive() }).nullable(),
  /** Days as MM/DD/YYYY, as YYYY-MM-DD, or one merchant so and the next one otherwise. */
  dates: z.enum(['us', 'iso', 'both']),
  /** How `last_page` is written; both: one answer so and the next one otherwise. */
  lastPage: z.enum(['text', 'number', 'both']),
  /** Batches come in another order with each request, as lists may that are not sorted. */
  unstableOrder: z.boolean(),
  /** To the letter of the vendor's specification: nothing is null, and money is whole where it says "integer". */
  asSpecified: z.boolean(),
  /** Answers above the quota have a text for a body instead of JSON. */
  plain429: z.boolean(),
});
export type Quirks = z.infer<typeof quirksSchema>;
export const quirksChangeSchema = quirksSchema.partial();

export const DEFAULT_QUIRKS: Quirks = {
  quota: { requests: 500, windowSeconds: 60 },
  dates: 'both',
  lastPage: 'text',
  unstableOrder: false,
  asSpecified: false,
  plain429: false,
};
