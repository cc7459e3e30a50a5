import { isSyncError } from '@syncline/connector-kit';
import { readFleet, readProgress } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { cancelSync } from '../control/cancel-sync.js';
import type { ProgressWatch } from '../progress/progress-watch.js';
import type { Owner } from './connections.js';
import { ClosedError } from './errors.js';
import { progressOf, type SyncProgress } from './sync-progress.js';
import { readResult, type SyncResult } from './sync-result.js';

/** A sync that is under way. It goes on whether or not anybody holds this. */
export interface SyncHandle {
  readonly jobId: string;
  /** False where it was under way before it was asked for. */
  readonly isNew: boolean;
  /**
   * Calls back with the newest state, at once if one is known, and from then on when it has changed, about four times a
   * second at most; the last call is the end. Returns how to stop that. What the callback throws ends its calls, and
   * `done` rejects with it; the sync goes on.
   */
  onProgress(callback: (progress: SyncProgress) => void): () => void;
  /**
   * How it ended, well or not: look at `status`. Rejects with ClosedError when `close` comes before the end, and with
   * Error when the sync is gone, because its connection was deleted.
   */
  readonly done: Promise<SyncResult>;
  /** Cancels it: what was committed stays. Nothing happens to one that has ended. */
  cancel(): Promise<void>;
}

interface Following {
  readonly ctx: EngineContext;
  readonly owner: Owner;
  readonly watch: ProgressWatch;
  readonly isClosed: () => boolean;
  /** Whether this program works on it itself: then nobody has to look for a worker. */
  readonly works: boolean;
}

/** Follows a sync until its end, or until the watch is closed. */
export function followJob(following: Following, jobId: string, isNew: boolean): SyncHandle {
  const { ctx, owner, watch, isClosed, works } = following;
  const callbacks = new Set<(progress: SyncProgress) => void>();
  let resolve: (result: SyncResult) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<SyncResult>((onResult, onError) => {
    [resolve, reject] = [onResult, onError];
  });
  // Whoever does not look at it does not want his program to end for it.
  done.catch(() => undefined);
  let last: SyncProgress | undefined;
  let obstacle: string | undefined;

  const tell = (callback: (progress: SyncProgress) => void, progress: SyncProgress) => {
    try {
      callback(progress);
    } catch (error) {
      callbacks.delete(callback);
      reject(error);
    }
  };
  const read = async () => {
    const job = await readProgress(ctx.db, owner.organizationId, jobId);
    const isLeftAlone = !works && job?.status === 'queued' && (await readFleet(ctx.db)).alive === 0;
    obstacle = isLeftAlone ? 'No worker is alive: start one, or pass `work: true`' : undefined;
    return job;
  };
  const end = async () => {
    const result = isClosed() ? undefined : await readResult(ctx.db, owner.organizationId, jobId);
    if (result !== undefined) return resolve(result);
    const closed = `Closed before the sync ${jobId} had ended; it goes on where it is when somebody works on it`;
    reject(isClosed() ? new ClosedError(closed) : new Error(`There is no sync ${jobId} any more`));
  };

  watch.follow(jobId, read, {
    onProgress: (job) => {
      const progress = progressOf(job, obstacle);
      if (JSON.stringify(progress) === JSON.stringify(last)) return;
      last = progress;
      for (const callback of [...callbacks]) tell(callback, progress);
    },
    onEnd: () => void end().catch((error: unknown) => reject(error)),
  });
  return {
    ...{ jobId, isNew, done },
    onProgress: (callback) => {
      callbacks.add(callback);
      if (last !== undefined) tell(callback, last);
      return () => void callbacks.delete(callback);
    },
    cancel: async () => {
      try {
        await cancelSync(ctx, owner.organizationId, jobId, { actor: owner.actor });
      } catch (error) {
        if (!isSyncError(error, 'SYNC_NOT_RUNNING')) throw error;
      }
    },
  };
}
