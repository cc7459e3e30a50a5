import type { StopResult } from '@syncline/engine';
import { z } from 'zod';

/** What /api/sync/stop and /api/sync/restart answer with. */
export const stopSchema = z.object({
  stopped: z.boolean(),
  changed: z.boolean().describe('False when it was so already'),
  stoppedAt: z.iso.datetime().nullable(),
  stoppedBy: z.string().nullable(),
  reason: z.string().nullable().describe('As whoever pressed it gave it'),
  jobs: z.int().min(0).describe('Syncs that are held, or that go on now'),
});

export function stopAnswer({ changed, stop, jobs }: StopResult): z.infer<typeof stopSchema> {
  const { stoppedAt = null, stoppedBy = null, reason = null } = stop ?? {};
  return { stopped: stop !== undefined, changed, stoppedAt: stoppedAt?.toISOString() ?? null, stoppedBy, reason, jobs };
}
