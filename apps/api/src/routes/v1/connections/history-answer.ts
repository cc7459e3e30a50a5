import { SyncError } from '@syncline/connector-kit';
import { type HistoryProgress, readHistory } from '@syncline/engine';
import { findConnection } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';

const month = z.string().describe('YYYY-MM');
const instant = z.iso.datetime();
const count = z.int().min(0);

export const historySchema = z
  .object({
    id: z.guid().nullable().describe('Null where nothing is to be read in windows'),
    connectionId: z.guid(),
    state: z.enum(['none', 'running', 'paused', 'done']),
    phase: z
      .enum(['none', 'reading', 'waiting', 'retrying', 'paused', 'done'])
      .describe('waiting: for its turn, other syncs go first. retrying: the last window failed, see `error`'),
    percent: count.max(100),
    message: z.string(),
    from: month.nullable().describe('The oldest month, YYYY-MM'),
    to: month.nullable().describe('The month that it was begun in: windows go from there to the oldest'),
    reached: month.nullable().describe('All from this month on is read; null while no window is'),
    window: month.nullable().describe('The month that is being read, or comes next'),
    windowsDone: count,
    windowsTotal: count,
    secondsPerWindow: z.number().nullable().describe('Of the last windows'),
    eta: instant.nullable().describe('When all will be read; null until a window is, and while it is paused'),
    jobId: z.guid().nullable().describe('The sync that reads the window'),
    records: z.object({
      ...{ read: count, created: count, updated: count, unchanged: count, failed: count, deleted: count },
    }),
    error: z.object({ code: z.string(), message: z.string(), at: instant }).nullable(),
    nextAttemptAt: instant.nullable().describe('When a window that failed is tried again'),
    pausedBy: z.string().nullable(),
    begunAt: instant.nullable(),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'History', description: 'What was before the first syncs, and how far it is read' });

/** Where a connection's history is told. */
export function historyUrl(connectionId: string): string {
  return `/api/v1/connections/${connectionId}/history`;
}

type Answer = z.infer<typeof historySchema>;

/** A connection's history as it is told. Throws SyncError CONNECTION_NOT_FOUND. */
export async function historyAnswerOf(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  connectionId: string,
): Promise<Answer> {
  const connection = await findConnection(ctx.db, ctx.organizationId, connectionId);
  if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
  const found = await readHistory(ctx, ctx.organizationId, { connectionId });
  return found === undefined ? { ...nothing, connectionId } : told(found);
}

function told(progress: HistoryProgress): Answer {
  const { records, error, eta, nextAttemptAt, begunAt, endedAt, ...same } = progress;
  return {
    ...same,
    records: { ...records },
    error: error && { ...error, at: error.at.toISOString() },
    eta: eta?.toISOString() ?? null,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    begunAt: begunAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

const nothing: Omit<Answer, 'connectionId'> = {
  ...{ id: null, state: 'none', phase: 'none', percent: 0, message: 'Nothing is to be read in windows' },
  ...{ from: null, to: null, reached: null, window: null, windowsDone: 0, windowsTotal: 0, secondsPerWindow: null },
  records: { read: 0, created: 0, updated: 0, unchanged: 0, failed: 0, deleted: 0 },
  ...{ eta: null, jobId: null, error: null, nextAttemptAt: null, pausedBy: null, begunAt: null, endedAt: null },
};
