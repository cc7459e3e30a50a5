import { catalogue, type ErrorCode } from '@syncline/connector-kit';
import type { FailedItemView } from '@syncline/store';
import { z } from 'zod';

export const kinds = ['record', 'entity_run', 'job', 'sweep'] as const;
export const statuses = ['pending', 'retrying', 'resolved', 'dead'] as const;

const instant = z.iso.datetime();

/** What could not be synced, but for its payload. */
export const failedItemSchema = z
  .object({
    id: z.guid(),
    connectionId: z.guid(),
    syncJobId: z.guid().nullable().describe('The sync in which it failed last, or that tries it again'),
    entity: z.string().nullable().describe('Null for what is about a whole job'),
    kind: z.enum(kinds),
    vendorId: z
      .string()
      .nullable()
      .describe('Of the record. For the failed run of a selection: a name of the selection'),
    status: z.enum(statuses).describe('pending: tried again at nextAttemptAt. dead: waits for somebody'),
    code: z.string(),
    field: z.string().nullable().describe('What is wrong: a field of the record, a column or a constraint'),
    message: z.string(),
    hint: z.string().nullable().describe('What to do about it'),
    attempts: z.int().min(0),
    nextAttemptAt: instant.nullable(),
    payloadEditedAt: instant.nullable().describe('Since then the payload is an operator’s'),
    note: z.string().nullable(),
    resolvedBy: z.string().nullable().describe('sync, recovery, or who did it by hand'),
    createdAt: instant,
    updatedAt: instant,
    resolvedAt: instant.nullable(),
  })
  .meta({ id: 'FailedItem', description: 'A record, an entity run, a job or a sweep that did not work out' });
export type FailedItemAnswer = z.infer<typeof failedItemSchema>;

const text = (moment: Date | null) => moment?.toISOString() ?? null;

export function failedItemAnswer(item: FailedItemView): FailedItemAnswer {
  const { entity, nextAttemptAt, payloadEditedAt, createdAt, updatedAt, resolvedAt, ...same } = item;
  return {
    ...same,
    entity: entity === '' ? null : entity,
    hint: catalogue[item.code as ErrorCode]?.hint ?? null,
    nextAttemptAt: text(nextAttemptAt),
    payloadEditedAt: text(payloadEditedAt),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    resolvedAt: text(resolvedAt),
  };
}
