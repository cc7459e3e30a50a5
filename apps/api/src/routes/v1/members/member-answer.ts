import { SyncError } from '@syncline/connector-kit';
import { findMember, type Member } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';
import { keyRoles } from '../../../access/role.js';

const instant = z.iso.datetime();

export const memberSchema = z
  .object({
    id: z.guid(),
    issuer: z.string().describe('The identity provider'),
    subject: z.string().describe('What that calls the person'),
    name: z.string().nullable().describe('As their token said it last; null where it never did'),
    email: z.string().nullable(),
    role: z.enum(keyRoles).describe('As their token gave it last'),
    firstSeenAt: instant,
    lastSeenAt: instant.describe('To the minute'),
    blocked: z
      .object({ at: instant, by: z.string(), reason: z.string() })
      .nullable()
      .describe('Since when they are shut out; null while they may come in'),
    liveKeys: z
      .int()
      .describe('API keys that they made and that open something still: these do not end with their tokens'),
  })
  .meta({ id: 'Member', description: 'Somebody who has come with a token of the identity provider' });

export function memberAnswer(member: Member): z.infer<typeof memberSchema> {
  const { id, issuer, subject, name, email, role, firstSeenAt, lastSeenAt, liveKeys } = member;
  const { blockedAt, blockedBy, blockedReason } = member;
  return {
    ...{ id, issuer, subject, name, email, role, liveKeys },
    ...{ firstSeenAt: firstSeenAt.toISOString(), lastSeenAt: lastSeenAt.toISOString() },
    blocked:
      blockedAt === null ? null : { at: blockedAt.toISOString(), by: blockedBy ?? '', reason: blockedReason ?? '' },
  };
}

export const memberParams = z.object({ id: z.string().describe('The id of the member, not the subject') });

/** The member that a path names. Throws SyncError NOT_FOUND. */
export async function memberAt({ db, organizationId }: TenantContext, id: string): Promise<Member> {
  const named = z.guid().safeParse(id);
  const member = named.success ? await findMember(db, organizationId, named.data) : undefined;
  if (member === undefined) throw new SyncError('NOT_FOUND', 'There is no member with this id');
  return member;
}
