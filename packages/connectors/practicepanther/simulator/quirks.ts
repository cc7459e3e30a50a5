import { z } from 'zod';

const quotaSchema = z.strictObject({
  requests: z.int().min(1),
  windowSeconds: z.number().positive(),
  retryAfter: z.enum(['seconds', 'date', 'missing', 'zero', 'negative', 'garbage', 'huge']).default('seconds'),
});

const quirksSchema = z.strictObject({
  ignorePaging: z.boolean(),
  ignoreSkip: z.boolean(),
  rowCap: z.int().min(1).nullable(),
  repeatRows: z.int().min(0),
  forceOrder: z.enum(['newest', 'shuffled']).nullable(),
  exclusiveSince: z.boolean(),
  archivedHidden: z.boolean(),
  contactsWithoutStatus: z.boolean(),
  contactsRejectTimestamps: z.boolean(),
  contactEditsHidden: z.boolean(),
  emailBodiesListed: z.boolean(),
  rejectClientCredentials: z.boolean(),
  expiredTokenStatus: z.union([z.literal(400), z.literal(401)]),
  slowMattersMs: z.number().min(0),
  quota: quotaSchema.nullable(),
});

/** A change of quirks as a request or a command line brings it; unknown names are refused. */
export const quirksChangeSchema = quirksSchema.partial();

/**
 * What is undocumented, disputed or broken about the vendor, switchable while the simulator runs.
 *
 * - `ignorePaging`: `$top`, `$skip` and `$orderby` have no effect; everything comes at once in default order
 * - `ignoreSkip`: `$skip` has no effect, so that every page is the first one
 * - `rowCap`: no list answers more rows than this
 * - `repeatRows`: every page but the first begins with this many rows of the page before, beyond `$top`
 * - `forceOrder`: newest first, or a fixed shuffle, whatever `$orderby` says
 * - `exclusiveSince`: `created_since` and `updated_since` mean later than, not at or later than
 * - `archivedHidden`: archived contacts and matters are listed only where a status is asked for
 * - `contactsWithoutStatus`: contacts have no `status`, as in 2025
 * - `contactsRejectTimestamps`: `$orderby` and `$filter` of /contacts refuse `updated_at` and `created_at`
 * - `contactEditsHidden`: `updated_since` of /contacts goes by creation, so that edits do not show
 * - `emailBodiesListed`: lists of emails carry `body_html` as well
 * - `rejectClientCredentials`: only the two documented grants work
 * - `expiredTokenStatus`: what a resource call with a dead access token answers
 * - `slowMattersMs`: how long a /matters list takes
 * - `quota`: requests in a sliding window, and what Retry-After says above it
 */
export type Quirks = z.infer<typeof quirksSchema>;

/** The quota of {@link Quirks}. */
export type Quota = z.infer<typeof quotaSchema>;

/** The vendor as far as it is known: nothing broken, nothing limited. */
export const DEFAULT_QUIRKS: Readonly<Quirks> = {
  ignorePaging: false,
  ignoreSkip: false,
  rowCap: null,
  repeatRows: 0,
  forceOrder: null,
  exclusiveSince: false,
  archivedHidden: false,
  contactsWithoutStatus: false,
  contactsRejectTimestamps: false,
  contactEditsHidden: false,
  emailBodiesListed: false,
  rejectClientCredentials: false,
  expiredTokenStatus: 400,
  slowMattersMs: 0,
  quota: null,
};
