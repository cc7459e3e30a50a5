import type { Db } from '../open-database.js';
import type { Vault } from '../vault/vault.js';

/** An access that is good for one sync, instead of the connection's. What is missing is the connection's own. */
export interface JobAccess {
  readonly credentials?: unknown;
  readonly baseUrl?: string | undefined;
}

interface Owned {
  readonly id: string;
  readonly organizationId: string;
}

/** Keeps a job's access, sealed, in the transaction that makes the job. It is erased when the job ends (migrations/0019). */
export async function insertJobAccess(
  trx: Db,
  vault: Vault,
  job: Owned & { readonly connectionId: string },
  access: JobAccess,
): Promise<void> {
  const sealed = vault.seal({ organizationId: job.organizationId, syncJobId: job.id, purpose: 'job_access' }, access);
  await trx
    .insertInto('job_secrets')
    .values({
      ...{ sync_job_id: job.id, organization_id: job.organizationId, connection_id: job.connectionId },
      ...{ access: sealed.ciphertext, access_key_id: sealed.keyId },
    })
    .execute();
}

/** Undefined when the job has none, or none any more: it has ended. Throws SyncError CREDENTIALS_UNREADABLE. */
export async function readJobAccess(db: Db, vault: Vault, job: Owned): Promise<JobAccess | undefined> {
  const row = await db
    .selectFrom('job_secrets')
    .select(['access', 'access_key_id'])
    .where('organization_id', '=', job.organizationId)
    .where('sync_job_id', '=', job.id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const owner = { organizationId: job.organizationId, syncJobId: job.id, purpose: 'job_access' } as const;
  return vault.open(owner, { ciphertext: row.access, keyId: row.access_key_id }) as JobAccess;
}
