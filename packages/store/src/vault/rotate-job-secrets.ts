import { isSyncError } from '@syncline/connector-kit';
import type { Db } from '../open-database.js';
import type { Vault } from './vault.js';

const batchSize = 50;

/**
 * Seals what is good for one job only with the newest key of the vault. Nobody else writes it, and it goes with the job,
 * so each is replaced if it is still there. Gives how many, and the connections of those that no key opens.
 */
export async function rotateJobSecrets(db: Db, vault: Vault): Promise<{ rotated: number; unreadable: string[] }> {
  const [newest = ''] = vault.keyIds;
  const unreadable: string[] = [];
  let [rotated, after] = [0, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const rows = await db
      .selectFrom('job_secrets')
      .selectAll()
      .where('access_key_id', '<>', newest)
      .where('sync_job_id', '>', after)
      .orderBy('sync_job_id')
      .limit(batchSize)
      .execute();
    for (const row of rows) {
      const { sync_job_id: syncJobId, organization_id: organizationId, access: ciphertext, access_key_id: keyId } = row;
      const owner = { organizationId, syncJobId, purpose: 'job_access' } as const;
      try {
        const sealed = vault.seal(owner, vault.open(owner, { ciphertext, keyId }));
        const { numUpdatedRows } = await db
          .updateTable('job_secrets')
          .set({ access: sealed.ciphertext, access_key_id: sealed.keyId })
          .where('organization_id', '=', organizationId)
          .where('sync_job_id', '=', syncJobId)
          .where('access', '=', ciphertext)
          .executeTakeFirst();
        rotated += Number(numUpdatedRows);
      } catch (error) {
        if (!isSyncError(error, 'CREDENTIALS_UNREADABLE')) throw error;
        unreadable.push(row.connection_id);
      }
      after = syncJobId;
    }
    if (rows.length < batchSize) return { rotated, unreadable };
  }
}
