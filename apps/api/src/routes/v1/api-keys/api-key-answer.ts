import type { ApiKey } from '@syncline/store';
import { z } from 'zod';
import { keyRoles } from '../../../access/role.js';

const instant = z.iso.datetime();

export const apiKeySchema = z
  .object({
    id: z.guid(),
    name: z.string(),
    role: z.enum(keyRoles),
    prefix: z.string().describe('How the key begins'),
    createdBy: z.string(),
    createdAt: instant,
    lastUsedAt: instant.nullable().describe('To the minute; null when it was never used'),
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'ApiKey', description: 'A key of an organization, without what opens anything' });

export function apiKeyAnswer(key: ApiKey): z.infer<typeof apiKeySchema> {
  return {
    ...key,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}
