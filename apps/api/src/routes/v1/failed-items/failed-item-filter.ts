import type { FailedItemFilter } from '@syncline/store';
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

type GivenFilter = z.infer<z.ZodObject<typeof failedItemFilter>>;

/** The same as the store knows it. */
export function filterOf({ withoutField, ...given }: GivenFilter): FailedItemFilter {
  return withoutField === undefined ? given : { ...given, field: null };
}
