import { SyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { isUuid } from '../uuid.js';

export interface Organization {
  readonly id: string;
  readonly slug: string;
  /** What an identity provider calls it; null where none knows it. */
  readonly externalId: string | null;
  readonly name: string;
  readonly createdAt: Date;
}

export interface OrganizationNames {
  readonly slug: string;
  readonly name: string;
  readonly externalId: string | null;
}

const columns = ['id', 'slug', 'external_id as externalId', 'name', 'created_at as createdAt'] as const;

const longestName = 200;

/**
 * The organization that goes by that text: its id, its slug or its external id. One query whatever the text is, so that
 * an unknown organization takes no other time to answer than one that the caller may not see.
 */
export async function resolveOrganization(db: Db, text: string): Promise<Organization | undefined> {
  const known = text.length <= longestName && !text.includes('\u0000') ? text : '';
  const id = isUuid(known) ? known : null;
  return (
    db
      .selectFrom('organizations')
      .select(columns)
      .where((eb) =>
        eb.or([eb('id', '=', sql<string>`${id}::uuid`), eb('slug', '=', known), eb('external_id', '=', known)]),
      )
      // Nobody may be known by another's name (createOrganization); the id would come first in any case.
      .orderBy(sql`id is not distinct from ${id}::uuid`, 'desc')
      .limit(1)
      .executeTakeFirst()
  );
}

/** The organizations of these ids, by slug. */
export async function organizationsById(db: Db, ids: readonly string[]): Promise<Organization[]> {
  return db
    .selectFrom('organizations')
    .select(columns)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .orderBy('slug')
    .execute();
}

/** All organizations by slug, or those that have a text in one of their names, in whatever case. */
export async function listOrganizations(
  db: Db,
  { limit, offset, search }: { readonly limit: number; readonly offset: number; readonly search?: string | undefined },
): Promise<{ readonly organizations: Organization[]; readonly total: number }> {
  let found = db.selectFrom('organizations');
  if (search !== undefined) {
    const names = sql`lower(concat_ws(' ', name, slug, external_id))`;
    found = found.where(sql<boolean>`position(lower(${search}) in ${names}) > 0`);
  }
  const organizations = await found.select(columns).orderBy('slug').limit(limit).offset(offset).execute();
  const { total } = await found.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow();
  return { organizations, total };
}

/** Within a transaction. Throws SyncError VALIDATION_FAILED when a name is taken, with the field that it is in. */
export async function createOrganization(trx: Db, names: OrganizationNames): Promise<Organization> {
  await requireFreeNames(trx, names, undefined);
  return trx
    .insertInto('organizations')
    .values({ slug: names.slug, name: names.name, external_id: names.externalId })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/**
 * Within a transaction. Undefined when there is no such organization; throws SyncError VALIDATION_FAILED when a name is
 * another one's.
 */
export async function renameOrganization(
  trx: Db,
  id: string,
  change: Partial<OrganizationNames>,
): Promise<Organization | undefined> {
  const before = await trx.selectFrom('organizations').select(columns).where('id', '=', id).executeTakeFirst();
  if (before === undefined) return undefined;
  const { slug, name, externalId } = { ...before, ...change };
  await requireFreeNames(trx, { slug, externalId }, id);
  return trx
    .updateTable('organizations')
    .set({ slug, name, external_id: externalId })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/**
 * A slug that is somebody else's external id, or the other way round, would let one text mean two organizations. Under a
 * lock of the table, because no constraint looks at two columns of two rows.
 */
async function requireFreeNames(
  trx: Db,
  { slug, externalId }: Pick<OrganizationNames, 'slug' | 'externalId'>,
  own: string | undefined,
): Promise<void> {
  await sql`lock table organizations in share row exclusive mode`.execute(trx);
  for (const [field, text] of Object.entries({ slug, externalId })) {
    if (text === null) continue;
    const taken = await resolveOrganization(trx, text);
    if (taken !== undefined && taken.id !== own) {
      throw new SyncError('VALIDATION_FAILED', `There is an organization of that name already: ${text}`, { field });
    }
  }
}
