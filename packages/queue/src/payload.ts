import { z } from 'zod';

/** What a queued job carries: ids, never content. Postgres has the rest. */
const stepPayload = z.object({
  v: z.literal(1),
  syncJobId: z.uuid(),
  /** The tenant, for whom turns are counted (see turns.lua). Jobs of older releases do not name it. */
  organizationId: z.string().optional(),
  connector: z.string(),
  /** Missing in the finish step. */
  entity: z.string().optional(),
});
export type StepPayload = z.infer<typeof stepPayload>;

/** Throws Error when a job was queued by a release that this one does not understand. */
export function parsePayload(data: unknown): StepPayload {
  const parsed = stepPayload.safeParse(data);
  if (!parsed.success)
    throw new Error('This job was queued by another release of Syncline; its payload is not known here');
  return parsed.data;
}
