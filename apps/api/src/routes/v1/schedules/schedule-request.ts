import { SyncError } from '@syncline/connector-kit';
import { z } from 'zod';

const shortest = 60;
const longest = 31 * 86_400;
const bounds = `has to be a whole number of seconds from ${shortest} to ${longest}`;

/** What a schedule may be given. Cron and time zone are looked at closer by the engine. */
export const scheduleFields = {
  name: z.string().trim().min(1).max(60).describe('Known by it, within its connection'),
  cron: z
    .string()
    .max(200)
    .optional()
    .describe('Five fields: minute, hour, day of month, month, day of week. Instead of intervalSeconds'),
  intervalSeconds: z
    .int(bounds)
    .min(shortest, bounds)
    .max(longest, bounds)
    .optional()
    .describe('Instead of cron. At which second of it a connection has its turn is its own'),
  timeZone: z
    .string()
    .max(60)
    .optional()
    .describe('Of the cron expression, such as America/New_York; UTC unless given'),
  entities: z.array(z.string().max(100)).max(100).optional().describe('With what they depend on; empty for all'),
  mode: z
    .enum(['full', 'incremental', 'verify'])
    .describe("A sync, or a verification: the vendor's records are held against the rows"),
  enabled: z.boolean().optional(),
};

export const scheduleParams = z.object({ id: z.string().describe('The id of a schedule') });

/** An id that cannot be one is as unknown as any other. Throws SyncError NOT_FOUND. */
export function scheduleIdOf(params: z.infer<typeof scheduleParams>): string {
  const id = z.guid().safeParse(params.id);
  if (!id.success) throw new SyncError('NOT_FOUND', 'There is no schedule with this id');
  return id.data;
}
