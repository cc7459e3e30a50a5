import { parseJson, SyncError, stringifyJson } from '@syncline/connector-kit';
import { findFailedItem } from '@syncline/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';
import { type FailedItemAnswer, failedItemAnswer, failedItemSchema } from './failed-item-answer.js';

export const itemParams = z.object({ id: z.string().describe('The id of the failed item') });

/** With its payload. */
export const wholeItemSchema = z
  .object({
    ...failedItemSchema.shape,
    payload: z
      .unknown()
      .describe('The record as it came, or as an operator has put it right; null where none was kept'),
  })
  .meta({ id: 'FailedItemWithPayload' });

/** The id of a path. One that cannot be one is as unknown as any other: throws SyncError NOT_FOUND. */
export function itemId(params: { readonly id: string }): string {
  const id = z.guid().safeParse(params.id);
  if (!id.success) throw unknownItem();
  return id.data;
}

/** Has an answer written so that the numbers of a payload keep all their digits. */
export function keepDigits(reply: FastifyReply): void {
  reply.type('application/json; charset=utf-8').serializer((answer: unknown) => stringifyJson(answer, true));
}

/** Throws SyncError NOT_FOUND. */
export async function findItem(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  id: string,
): Promise<FailedItemAnswer & { payload: unknown }> {
  const item = await findFailedItem(ctx.db, ctx.organizationId, id);
  if (item === undefined) throw unknownItem();
  const { payload, ...view } = item;
  return { ...failedItemAnswer(view), payload: payload === null ? null : parseJson(payload).value };
}

export function unknownItem(): SyncError {
  return new SyncError('NOT_FOUND', 'There is no failed item with this id');
}
