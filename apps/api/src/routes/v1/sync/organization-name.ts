import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';

export const organizationParams = z.object({
  organization_id: z.string().describe('The id of the organization, its slug or its external id'),
});

/** An organization as whoever asks calls it, in the path or in the header; its id, where it was not named. */
export function nameOfOrganization(
  request: Pick<FastifyRequest, 'params' | 'headers'>,
  { organizationId }: Pick<TenantContext, 'organizationId'>,
): string {
  const { organization_id: inPath } = request.params as { organization_id?: string };
  const inHeader = request.headers['x-organization-id'];
  return inPath ?? (typeof inHeader === 'string' ? inHeader : organizationId);
}
