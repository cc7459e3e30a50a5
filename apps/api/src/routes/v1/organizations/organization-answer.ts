import { SyncError } from '@syncline/connector-kit';
import { type Organization, resolveOrganization } from '@syncline/store';
import { z } from 'zod';
import type { ApiContext } from '../../../api-context.js';

/** What a platform may call an organization. Each name is nobody else's, in whichever field. */
export const organizationFields = {
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'has to be small letters, digits and hyphens, 63 at most')
    .describe('For people and paths'),
  name: z.string().trim().min(1).max(200),
  externalId: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'has to be printable characters without blanks, 200 at most')
    .nullable()
    .describe("What an identity provider calls it, as tokens name it: Clerk's org_…"),
};

export const organizationParams = z.object({ id: z.string().describe('The id, slug or external id') });

export const organizationSchema = z
  .object({
    id: z.guid(),
    slug: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Organization', description: 'A tenant' });

export function organizationAnswer({ createdAt, ...same }: Organization): z.infer<typeof organizationSchema> {
  return { ...same, createdAt: createdAt.toISOString() };
}

/** The organization that a path names, for the platform. Throws SyncError ORGANIZATION_NOT_FOUND. */
export async function organizationAt(ctx: Pick<ApiContext, 'db'>, name: string): Promise<Organization> {
  const found = await resolveOrganization(ctx.db, name);
  if (found === undefined) throw new SyncError('ORGANIZATION_NOT_FOUND');
  return found;
}
