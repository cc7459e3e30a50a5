import {
  beginNewLife,
  listRestorations,
  notePutRight,
  quietJobs,
  type RestoredSync,
  readInstallation,
} from '@syncline/store';
import type { WorkContext } from '../context.js';
import { continueJob } from '../job/continue-job.js';
import type { Footing } from './judge-footing.js';
import { resyncAll } from './resync-all.js';

/**
 * Puts right what a restore of Postgres has left behind: the data begin another life, the queues are emptied and filled
 * again with what Postgres knows, and what the vendors changed since is read again. Each step can be done again: who dies
 * in the middle leaves a mark of the life before, and the next one goes on. Who was halted since the footing was judged, while
 * somebody else put it right, does nothing: the queues are full of the new life's work by then.
 *
 * Rejects when Postgres or Redis is away.
 */
export async function putRight(
  ctx: WorkContext,
  footing: Extract<Footing, { kind: 'restored' | 'new-life' }>,
  everySeconds: number,
): Promise<void> {
  const { mark, found: before } = footing;
  if (footing.kind === 'restored' || !before.ancestors.includes(mark.identity)) {
    const recorded = footing.kind === 'restored';
    if (!(await beginNewLife(ctx.db, before, { lostForSeconds: mark.quietSeconds, recorded }))) return;
    if (recorded)
      ctx.log.error(
        { event: 'restore.noticed', lostFrom: before.countedAt },
        'Postgres was restored: the queues are rebuilt from it',
      );
  }
  if ((await ctx.marks.read())?.identity !== mark.identity) return;
  await ctx.queues.empty();
  const after = await readInstallation(ctx.db);
  if (after === undefined) return;
  const { identity, generation, here: place } = after;
  // From here on workers go on: what they find in the queues is of this life.
  if (!(await ctx.marks.put({ identity, generation, place, everySeconds }, mark.identity))) return;
  await settleRestorations(ctx);
}

/** Continues what Postgres has as live, and starts syncs for what is missing. Also for a restore that nobody finished. */
export async function settleRestorations(ctx: WorkContext): Promise<void> {
  const open = (await listRestorations(ctx.db)).filter(({ putRightAt }) => putRightAt === null);
  if (open.length === 0) return;
  for (const job of await quietJobs(ctx.db, 0)) await continueJob(ctx, job.id);
  const syncs: readonly RestoredSync[] = await resyncAll(ctx);
  for (const { id, lostFrom, lostUntil } of open) {
    await notePutRight(ctx.db, id, syncs);
    const started = syncs.filter(({ jobId }) => jobId !== undefined).length;
    ctx.log.error(
      { event: 'restore.put_right', lostFrom, lostUntil, started, connections: syncs.length },
      'restored: what was synced in between was lost',
    );
  }
}
