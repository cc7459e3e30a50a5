import { isSyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { rotateJobSecrets } from './rotate-job-secrets.js';
import { type SecretPurpose, secretPurposes, type Vault } from './vault.js';

/** Connections that are read at a time: few enough that what was read is seldom stale when its turn comes. */
const batchSize = 50;

/** How often a secret is tried that others keep replacing, with an older key at that. */
const triesEach = 5;

/** Secrets as they are counted: those of connections, and those that are good for one job. */
const countedPurposes = [...secretPurposes, 'job_access'] as const;
type CountedPurpose = (typeof countedPurposes)[number];

/** Columns of a connection that hold secrets, each with the one that names its key. */
const columns = secretPurposes.flatMap((purpose) => [purpose, `${purpose}_key_id`] as const);

export interface Rotation {
  /** Secrets that were sealed with the newest key. */
  readonly rotated: Readonly<Record<CountedPurpose, number>>;
  /** Secrets that are sealed with it and were not by us: they were before, or became so meanwhile. */
  readonly already: number;
  /** Connections with a secret that none of the keys opens. It was left as it is. */
  readonly unreadable: readonly string[];
  /** Connections with a secret that other processes kept sealing with an older key while we tried. */
  readonly contested: readonly string[];
}

interface Secret {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly purpose: SecretPurpose;
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

/**
 * Seals the secrets of all connections, and of jobs under way, with the newest key of the vault, while others use and renew them. Each is
 * replaced by itself, and only if it is still the one that was read: tokens that were renewed meanwhile are never
 * replaced by older ones. Broken off anywhere, it leaves every secret readable with the keys at hand, and what is done
 * is not done again. Secrets that are under the newest key are not read.
 */
export async function rotateSecrets(db: Db, vault: Vault): Promise<Rotation> {
  const [newest = ''] = vault.keyIds;
  const rotated = none();
  const [unreadable, contested] = [new Set<string>(), new Set<string>()];
  let after: string | undefined;
  for (;;) {
    const batch = await readBatch(db, newest, after);
    for (const secret of batch.secrets) {
      const outcome = await rotate(db, vault, newest, secret);
      if (outcome === 'rotated') rotated[secret.purpose] += 1;
      else if (outcome === 'unreadable') unreadable.add(secret.connectionId);
      else if (outcome === 'contested') contested.add(secret.connectionId);
    }
    after = batch.last;
    if (after === undefined) break;
  }
  const jobs = await rotateJobSecrets(db, vault);
  rotated.job_access = jobs.rotated;
  for (const connectionId of jobs.unreadable) unreadable.add(connectionId);
  const total = (await countSecrets(db)).find(({ keyId }) => keyId === newest);
  const under = countedPurposes.reduce((sum, purpose) => sum + (total?.[purpose] ?? 0), 0);
  const already = Math.max(0, under - countedPurposes.reduce((sum, purpose) => sum + rotated[purpose], 0));
  return { rotated, already, unreadable: [...unreadable], contested: [...contested] };
}

/** How many secrets are sealed with a key. */
export interface KeyUse extends Readonly<Record<CountedPurpose, number>> {
  readonly keyId: string;
}

/** The keys that secrets of any connection or job are sealed with, configured or not. */
export async function countSecrets(db: Db): Promise<KeyUse[]> {
  const counts = countedPurposes.map(
    (one) => sql`count(*) filter (where purpose = ${sql.lit(one)}) as ${sql.ref(one)}`,
  );
  const secrets = secretPurposes.map(
    (one) => sql`(${sql.lit(one)}, ${sql.ref(`c.${one}_key_id`)}, ${sql.ref(`c.${one}`)} is not null)`,
  );
  const { rows } = await sql<KeyUse>`
    select key_id as "keyId", ${sql.join(counts)}
    from (
      select s.* from connections c cross join lateral (values ${sql.join(secrets)}) as s (purpose, key_id, is_there)
      union all select 'job_access', access_key_id, true from job_secrets) as s
    where is_there group by key_id order by key_id`.execute(db);
  return rows.map((row) => ({ ...row, keyId: row.keyId ?? '' }));
}

/** The next connections with a secret under another key than the newest, by id; no `last` when there are none. */
async function readBatch(db: Db, newest: string, after: string | undefined) {
  let query = db
    .selectFrom('connections')
    .select(['id', 'organization_id', ...columns])
    .where((eb) =>
      eb.or(
        secretPurposes.map((purpose) =>
          eb.and([eb(purpose, 'is not', null), eb(`${purpose}_key_id`, 'is distinct from', newest)]),
        ),
      ),
    );
  if (after !== undefined) query = query.where('id', '>', after);
  const rows = await query.orderBy('id').limit(batchSize).execute();
  const secrets = rows.flatMap((row) =>
    secretPurposes.flatMap((purpose): Secret[] => {
      const [ciphertext, keyId] = [row[purpose], row[`${purpose}_key_id`] ?? ''];
      if (ciphertext === null || keyId === newest) return [];
      return [{ organizationId: row.organization_id, connectionId: row.id, purpose, ciphertext, keyId }];
    }),
  );
  return { secrets, last: rows.at(-1)?.id };
}

type Outcome = 'rotated' | 'already' | 'unreadable' | 'contested';

async function rotate(db: Db, vault: Vault, newest: string, first: Secret): Promise<Outcome> {
  let secret: Secret = first;
  for (let tries = 0; tries < triesEach; tries += 1) {
    let sealed: ReturnType<Vault['seal']>;
    try {
      sealed = vault.seal(secret, vault.open(secret, secret));
    } catch (error) {
      if (isSyncError(error, 'CREDENTIALS_UNREADABLE')) return 'unreadable';
      throw error;
    }
    if (await replace(db, secret, sealed)) return 'rotated';
    const current = await readAgain(db, secret);
    if (current === undefined || current.keyId === newest) return 'already';
    secret = current;
  }
  return 'contested';
}

/** False when the secret is not the one that was read any more. No two ciphertexts are alike, so they tell. */
async function replace(db: Db, secret: Secret, sealed: ReturnType<Vault['seal']>): Promise<boolean> {
  const { purpose } = secret;
  const { numUpdatedRows } = await db
    .updateTable('connections')
    .set({ [purpose]: sealed.ciphertext, [`${purpose}_key_id`]: sealed.keyId })
    .where('organization_id', '=', secret.organizationId)
    .where('id', '=', secret.connectionId)
    .where(purpose, '=', secret.ciphertext)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The secret as it is now; undefined when it is gone. */
async function readAgain(db: Db, secret: Secret): Promise<Secret | undefined> {
  const { purpose, organizationId, connectionId } = secret;
  const row = await db
    .selectFrom('connections')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('id', '=', connectionId)
    .executeTakeFirst();
  const ciphertext = row?.[purpose] ?? null;
  if (row === undefined || ciphertext === null) return undefined;
  return { ...secret, ciphertext, keyId: row[`${purpose}_key_id`] ?? '' };
}

function none(): Record<CountedPurpose, number> {
  return { credentials: 0, tokens: 0, webhook_keys: 0, job_access: 0 };
}
