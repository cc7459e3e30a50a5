import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../open-database.js';
import { type FailedItemFilter, matchingItems } from '../queries/failed-item-views.js';
import type { FailedItemKind } from '../schema.js';

/** Failed items with which the same thing is wrong. */
export interface ReasonGroup {
  /** Empty for items that are about a whole job. */
  readonly entity: string;
  readonly kind: FailedItemKind;
  readonly code: string;
  readonly field: string | null;
  /** Of one of them. */
  readonly message: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

const mostGroups = 100;

/**
 * The items that a filter means, by what is wrong with them, the biggest groups first; a hundred at most. Open ones are
 * counted in an index, without the items.
 */
export async function groupFailedItems(
  db: Db,
  organizationId: string,
  filter: FailedItemFilter,
): Promise<ReasonGroup[]> {
  return (await groupSql(db, organizationId, filter).execute(db)).rows;
}

/** The statement by itself, for whoever looks at its plan. */
export function groupSql(db: Db, organizationId: string, filter: FailedItemFilter): RawBuilder<ReasonGroup> {
  const groups = matchingItems(db, organizationId, filter)
    // What stands in a list of states is open as well: said so that the index of open items is known to have them.
    .$if(filter.status !== undefined && filter.status !== 'resolved', (open) => open.where('status', '<>', 'resolved'))
    .select(['entity', 'kind', 'error_code as code', 'field', sql<number>`count(*)`.as('count')])
    .select(sql<Date>`min(created_at)`.as('firstAt'))
    .select(sql<Date>`max(updated_at)`.as('lastAt'))
    // Some one of them, whose message is looked up when the groups are known. Ids have no order, their texts have one.
    .select(sql<string>`min(id::text)::uuid`.as('example'))
    .groupBy(['entity', 'kind', 'error_code', 'field'])
    .orderBy('count', 'desc')
    .orderBy('entity')
    .orderBy('code')
    .orderBy('field')
    .limit(mostGroups);
  return sql<ReasonGroup>`
    select g.entity, g.kind, g.code, g.field, i.message, g.count, g."firstAt", g."lastAt"
    from (${groups}) as g join sync_failed_items i on i.id = g.example
    order by g.count desc, g.entity, g.code, g.field`;
}
