import type { Entity } from '@syncline/connector-kit';
import { findConnection } from '@syncline/store';
import type { TenantContext } from '../../../access/caller.js';
import type { FailedItemAnswer } from './failed-item-answer.js';

/** What kind of record a failed item is about; undefined when this release does not know it. */
export async function findEntity(
  ctx: Pick<TenantContext, 'db' | 'organizationId' | 'connectors'>,
  item: FailedItemAnswer,
): Promise<Entity | undefined> {
  const connection = await findConnection(ctx.db, ctx.organizationId, item.connectionId);
  const connector = ctx.connectors.find(({ id }) => id === connection?.connector);
  return connector?.entities.find(({ name }) => name === item.entity);
}
