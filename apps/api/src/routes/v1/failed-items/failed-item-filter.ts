import type { FailedItemFilter, ItemSelection } from '@syncline/store';
import { z } from 'zod';
import { kinds, statuses } from './failed-item-answer.js';

/** What a list, or a retry of many, may be narrowed down to. */
export const failedItemFilter = {
  connectionId: z.guid('has to be the id of a connection (a UUID)').optional(),
  entity: z.string().max(200).optional(),
  kind: z.enum(kinds).optional(),
  status: z
    .enum([...statuses, 'open'])
    .optional()
    .describe('open: everything that is not resolved'),
  code: z.string().max(100).optional().describe('An error code'),
  field: z.string().max(200).optional().describe('What is wrong: a field of the record, a column or a constraint'),
  withoutField: z.literal('true').optional().describe('Instead of field: items that name none'),
  vendorId: z.string().max(200).optional().describe("The vendor's id of the record"),
};

export const mostIds = 500;
export const mostItems = 10_000;

/** What many items are chosen by: their ids, or a filter, and one of the two. */
export const itemSelection = {
  ids: z.array(z.guid('has to be the id of a failed item (a UUID)')).min(1).max(mostIds).optional(),
  filter: z.strictObject(failedItemFilter).optional(),
};

type GivenSelection = z.infer<z.ZodObject<typeof itemSelection>>;

/** For a refinement of a schema that has `itemSelection`. */
export const saysWhich = ({ ids, filter }: GivenSelection) => (ids === undefined) !== (filter === undefined);
export const hasToSayWhich = 'either ids or filter has to be given';

/** The same as the store knows it. */
export function selectionOf({ ids, filter = {} }: GivenSelection): ItemSelection {
  return ids === undefined ? { filter: filterOf(filter) } : { ids };
}

type GivenFilter = z.infer<z.ZodObject<typeof failedItemFilter>>;

/** The same as the store knows it. */
export function filterOf({ withoutField, ...given }: GivenFilter): FailedItemFilter {
  return withoutField === undefined ? given : { ...given, field: null };
}
