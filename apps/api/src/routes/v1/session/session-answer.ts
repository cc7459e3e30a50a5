import { type Db, type Organization, organizationsById } from '@syncline/store';
import { z } from 'zod';
import type { Caller } from '../../../access/caller.js';
import { keyRoles } from '../../../access/role.js';

const organizationSchema = z.object({ id: z.guid(), slug: z.string(), name: z.string() });

export const sessionSchema = z
  .object({
    name: z.string().describe('As the audit log has it'),
    role: z.enum([...keyRoles, 'platform']),
    via: z.enum(['session', 'key', 'token']).describe('A session cookie, a key, or a token of the identity provider'),
    expiresAt: z.iso.datetime().nullable().describe('When that is over; null for a key without an end'),
    organization: organizationSchema
      .nullable()
      .describe('The one that requests are about; null while several are possible and none was named'),
    organizations: z
      .union([z.literal('all'), z.array(organizationSchema)])
      .describe('Those that X-Organization-ID may name; all for the platform, which GET /api/v1/organizations lists'),
  })
  .meta({ id: 'Session', description: 'Who asks, and what for' });

type Who = Pick<Caller, 'name' | 'role' | 'via' | 'expiresAt' | 'organizations' | 'organizationId'>;

/** Who somebody is, for themselves. Not as a tenant: finding out who asks comes before that. */
export async function sessionAnswer(db: Db, who: Who): Promise<z.infer<typeof sessionSchema>> {
  const { name, role, via, expiresAt, organizations, organizationId } = who;
  const ids = organizations === 'all' ? [organizationId].flatMap((id) => id ?? []) : organizations;
  const known = (await organizationsById(db, ids)).map(brief);
  return {
    ...{ name, role, via, expiresAt: expiresAt?.toISOString() ?? null },
    organization: known.find(({ id }) => id === organizationId) ?? null,
    organizations: organizations === 'all' ? 'all' : known,
  };
}

function brief({ id, slug, name }: Organization): z.infer<typeof organizationSchema> {
  return { id, slug, name };
}
