import { SyncError } from '@syncline/connector-kit';
import { listVerifications, type VerificationView, type VerifiedEntityView } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';

const instant = z.iso.datetime();
const count = z.int().min(0);

const side = z.object({
  records: count,
  checksum: z.string().describe('16 hex digits over what a sync writes; equal on both sides where the records are'),
});

const entitySchema = z.object({
  entity: z.string(),
  status: z.enum(['pending', 'reading', 'checking', 'done']),
  pages: count.describe("Pages of the vendor's list that were compared"),
  records: count.describe("Records of the vendor's list; one that it moved while it was read may count twice"),
  rows: count.nullable().describe('Live rows of the table; null until all pages were read'),
  unreadable: count.describe('Records that cannot be understood or stored'),
  missing: count.describe('Records without a live row'),
  extra: count.describe('Live rows of records that the vendor does not have'),
  stale: count.describe('Rows of an older version'),
  different: count.describe('Rows of the same version that say something else, or that say they are newer'),
  moved: count.describe('Not judged: written by a sync since they were compared'),
  notDue: count.describe('Not judged: changed at the vendor since the watermark, or still to be read by the history'),
  dismissed: count.describe('Findings that were none when the record itself was asked for'),
  sampled: count
    .nullable()
    .describe('Records that looked right and were asked for again, chosen by chance; null where that cannot be done'),
  checksums: z
    .object({ equal: count, of: count })
    .nullable()
    .describe('Shares of the ids of which both sides sum up to the same; null until all pages were read'),
  repaired: z.boolean(),
  repairJobId: z.guid().nullable(),
});

const summary = {
  id: z.guid(),
  connectionId: z.guid(),
  trigger: z.enum(['manual', 'schedule']),
  triggeredBy: z.string().nullable(),
  status: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  clean: z.boolean().nullable().describe('Whether nothing was found; null until it is done'),
  findings: count,
  waitingFor: z.string().nullable().describe('Why it rests, a code of the catalogue'),
  waitingUntil: instant.nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  repair: z.enum(['asked', 'done', 'failed']).nullable().describe('Null: nobody has ordered it'),
  repairBy: z.string().nullable().describe('Who has ordered it'),
  repairError: z.string().nullable(),
  repairEndedAt: instant.nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
};

/** A verification and what it found, in numbers. */
export const verificationSchema = z
  .object({ ...summary, entities: z.array(entitySchema) })
  .meta({ id: 'Verification', description: "The vendor's records held against the rows" });

const bucketSchema = z.object({ bucket: count, vendor: side, stored: side });

/** The same with its checksums. */
export const verificationReportSchema = z
  .object({
    ...summary,
    entities: z.array(
      entitySchema.extend({
        buckets: z
          .array(bucketSchema)
          .nullable()
          .describe('Both sides summed up, by a share of the ids each; null until all pages were read'),
      }),
    ),
  })
  .meta({ id: 'VerificationReport' });

export const verificationParams = z.object({ id: z.string().describe("The verification's id") });

/** An id that cannot be one is as unknown as any other. Throws SyncError NOT_FOUND. */
export async function findVerification(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  { id }: { readonly id: string },
): Promise<VerificationView> {
  const known = z.guid().safeParse(id);
  const [found] = known.success ? await listVerifications(ctx.db, ctx.organizationId, { id: known.data }) : [];
  if (found === undefined) throw new SyncError('NOT_FOUND', 'There is no verification with this id');
  return found;
}

const findingsOf = ({ missing, extra, stale, different }: VerifiedEntityView) => missing + extra + stale + different;

/** By the numbers of records too: a checksum over nothing is one as well. */
function checksumsOf({ buckets }: VerifiedEntityView): { equal: number; of: number } | null {
  if (buckets === null) return null;
  const equal = buckets.filter(
    ({ vendor, stored }) => vendor.records === stored.records && vendor.checksum === stored.checksum,
  );
  return { equal: equal.length, of: buckets.length };
}

const text = (moment: Date | null) => moment?.toISOString() ?? null;

export function verificationAnswer(view: VerificationView) {
  const { entities, status, waitingFor, dueAt } = view;
  const { createdAt, startedAt, endedAt, repairEndedAt, ...same } = view;
  const findings = entities.reduce((sum, entity) => sum + findingsOf(entity), 0);
  return {
    ...same,
    findings,
    clean: status === 'done' ? findings === 0 : null,
    waitingUntil: waitingFor === null ? null : dueAt.toISOString(),
    createdAt: createdAt.toISOString(),
    startedAt: text(startedAt),
    endedAt: text(endedAt),
    repairEndedAt: text(repairEndedAt),
    entities: entities.map((entity) => ({
      ...entity,
      checksums: checksumsOf(entity),
      buckets: entity.buckets && [...entity.buckets],
    })),
  };
}
