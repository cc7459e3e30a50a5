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

export const parsePayload = payloadParser(stepPayload);

/** Reads what a job carries. It throws Error for a job of a release that this one does not understand. */
export function payloadParser<Payload>(schema: z.ZodType<Payload>): (data: unknown) => Payload {
  return (data) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return parsed.data;
    throw new Error('This job was queued by another release of Syncline; its payload is not known here');
  };
}
