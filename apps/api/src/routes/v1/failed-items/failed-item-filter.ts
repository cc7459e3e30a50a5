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
  vendorId: z.string().max(200).optional().describe("The vendor's id of the record"),
};
