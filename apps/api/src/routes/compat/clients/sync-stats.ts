import { type FailedItemView, type JobView, listFailedItems } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';

const count = z.int().min(0);

/** The vendor of the client list, and what it is there. */
export const clientConnector = 'notion';
export const clientEntity = 'clients';

const mostErrors = 20;

const errorSchema = z.object({
  code: z.string().describe('Stable: [all codes](/docs/errors)'),
  message: z.string(),
  recordId: z.string().nullable().describe("The vendor's id of the record; null when it is about the sync as a whole"),
  field: z.string().nullable(),
});

/** A sync in numbers, by the guide's names. */
export const statsSchema = z.object({
  total: count.describe('Records that were read: created, updated, skipped and failed'),
  created: count,
  updated: count,
  skipped: count.describe('Records that are in the table as they are'),
  failed: count.describe('Records that could not be kept; they are tried again'),
  deleted: count.describe('Rows marked as deleted, which are not part of the total'),
});

export const statsWithErrors = statsSchema.extend({
  errors: z.array(errorSchema).describe(`What went wrong, without what the records hold; the first ${mostErrors}`),
});

export function statsOf({ entities: runs }: Pick<JobView, 'entities'>): z.infer<typeof statsSchema> {
  const sum = (of: (run: JobView['entities'][number]) => number) => runs.reduce((all, run) => all + of(run), 0);
  return {
    total: sum((run) => run.recordsRead),
    created: sum((run) => run.recordsCreated),
    updated: sum((run) => run.recordsUpdated),
    skipped: sum((run) => run.recordsUnchanged),
    failed: sum((run) => run.recordsFailed),
    deleted: sum((run) => run.recordsDeleted),
  };
}

/** The numbers with what went wrong: the entity as a whole first, then its records. */
export async function readStatsWithErrors(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  job: JobView,
): Promise<z.infer<typeof statsWithErrors>> {
  const stats = statsOf(job);
  const ofRuns = job.entities.flatMap(({ errorCode: code, errorMessage }) =>
    code === null ? [] : [{ code, message: errorMessage ?? code, recordId: null, field: null }],
  );
  const filter = { syncJobId: job.id, kind: 'record', status: 'open' } as const;
  const page = { limit: mostErrors, offset: 0 };
  const items = stats.failed === 0 ? [] : await listFailedItems(ctx.db, ctx.organizationId, filter, page);
  return { ...stats, errors: [...ofRuns, ...items.map(ofRecord)].slice(0, mostErrors) };
}

function ofRecord({ code, message, vendorId, field }: FailedItemView): z.infer<typeof errorSchema> {
  return { code, message, recordId: vendorId, field };
}
