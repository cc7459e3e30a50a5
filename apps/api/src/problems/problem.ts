import { catalogue, type ErrorCode } from '@syncline/connector-kit';
import { z } from 'zod';

const codes = Object.keys(catalogue) as [ErrorCode, ...ErrorCode[]];

/** The one shape of an error (RFC 9457): application/problem+json. */
export const problemSchema = z
  .object({
    type: z.string().describe('Where the code is explained, relative to this server'),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes).describe('Stable: decide by it, never by the texts'),
    detail: z.string().describe('What happened this time'),
    hint: z.string().describe('What to do about it'),
    requestId: z.string().describe("Finds the request in the server's log"),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('With VALIDATION_FAILED: every field that is wrong'),
    runningJobId: z.uuid().nullable().optional().describe('With SYNC_ALREADY_RUNNING: the job to follow'),
  })
  .meta({ id: 'Problem', description: 'What every failed request is answered with' });
export type Problem = z.infer<typeof problemSchema>;

/** What this one occurrence adds to the catalogue's entry. */
export type Particulars = { readonly detail?: string } & Pick<Problem, 'errors' | 'runningJobId'>;

/** A problem as its catalogue entry has it. */
export function problemOf(code: ErrorCode, requestId: string, particulars: Particulars = {}): Problem {
  const { title, status, hint } = catalogue[code];
  const { detail = title, ...rest } = particulars;
  return { type: `/docs/errors#${code}`, title, status, code, detail, hint, requestId, ...rest };
}

/** What the doors answer with, before a route is asked, and bugs. */
export const everywhere: readonly ErrorCode[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'MEMBER_BLOCKED',
  'ORGANIZATION_NOT_FOUND',
  'ORGANIZATION_REQUIRED',
  'TOO_MANY_REQUESTS',
  'IDENTITY_PROVIDER_UNAVAILABLE',
  'INTERNAL',
];

/**
 * The documentation of the error answers that a route may give, to be spread into its response schema. Typed as nothing,
 * because handlers never send them: they throw.
 */
export function problemResponses(...answered: readonly ErrorCode[]): object {
  const byStatus: Record<number, ErrorCode[]> = {};
  for (const code of [...everywhere, ...answered]) {
    const { status } = catalogue[code];
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group]) => [
      status,
      { description: group.join(', '), content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  );
}
