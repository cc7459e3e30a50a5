import { catalogue, type ErrorCode } from '@syncline/connector-kit';
import { z } from 'zod';
import { failureTypeOf, failureTypes } from './failure-types.js';
import { everywhere, type Problem } from './problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Routes of the sync management API say what went wrong in its own shape. */
    readonly failures?: 'guide';
  }
}

/** How the sync management API says that something went wrong. */
export const failureSchema = z
  .object({
    success: z.literal(false),
    error: z.string(),
    details: z.object({
      error_type: z.enum(failureTypes),
      message: z.string().describe('What happened this time, and what to do about it'),
      retry_after: z
        .int()
        .nullable()
        .describe('Seconds, as in the header Retry-After; null where waiting changes nothing'),
      error_code: z.string().describe('Stable, and finer than error_type: [all codes](/docs/errors)'),
      sync_id: z.guid().optional().describe('With sync_already_running: the sync to follow instead'),
      errors: z
        .array(z.object({ field: z.string(), message: z.string() }))
        .optional()
        .describe('With invalid_request: every field that is wrong'),
    }),
    timestamp: z.iso.datetime(),
  })
  .meta({ id: 'SyncFailure', description: 'What a failed request of the sync management API is answered with' });
export type Failure = z.infer<typeof failureSchema>;

/** A problem in that shape. `retryAfter` in seconds. */
export function failureOf(problem: Problem, retryAfter: number | undefined, now: Date): Failure {
  const { code, title, detail, hint, runningJobId, errors } = problem;
  return {
    success: false,
    error: title,
    details: {
      error_type: failureTypeOf(code),
      message: `${detail.replace(/[.]?$/, '.')} ${hint}`,
      retry_after: retryAfter ?? null,
      error_code: code,
      ...(runningJobId && { sync_id: runningJobId }),
      ...(errors && { errors }),
    },
    timestamp: now.toISOString(),
  };
}

/** The documentation of these answers, as `problemResponses` gives it for the other routes. */
export function failureResponses(...answered: readonly ErrorCode[]): object {
  const byStatus: Record<number, ErrorCode[]> = {};
  for (const code of new Set<ErrorCode>([...everywhere, 'DATABASE_UNAVAILABLE', ...answered])) {
    const { status } = catalogue[code];
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group]) => [
      status,
      { description: group.join(', '), content: { 'application/json': { schema: failureSchema } } },
    ]),
  );
}
