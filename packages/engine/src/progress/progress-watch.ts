import { setTimeout as pause } from 'node:timers/promises';
import type { JobProgress } from '@syncline/store';
import { detached } from '@syncline/tracing';
import type { Logger } from 'pino';

/** Gives how far a job is; undefined when there is no such job any more. */
type ReadJob = () => Promise<JobProgress | undefined>;

interface Follower {
  /** Called after every look, changed or not. */
  onProgress(job: JobProgress): void;
  /** Called once, at the end: the job has ended or is gone, or this process stops. Nothing is called after it. */
  onEnd(): void;
}

/**
 * Looks at jobs that somebody follows. Postgres is asked once every `everyMs` for a job, however many follow it here, and
 * not at all when nobody does. What it says is the same in every process, so it does not matter which one is asked.
 */
export interface ProgressWatch {
  /** Follows a job until its end. Returns how to stop. `read` is used for all who follow the job, so it must be alike. */
  follow(jobId: string, read: ReadJob, follower: Follower): () => void;
  /** Ends everybody's following. */
  close(): void;
}

export function createProgressWatch(log: Pick<Logger, 'warn'>, everyMs: number): ProgressWatch {
  const watched = new Map<string, Set<Follower>>();
  let closed = false;

  const end = (jobId: string, followers: ReadonlySet<Follower>) => {
    // Unless others have begun to follow it anew meanwhile.
    if (watched.get(jobId) === followers) watched.delete(jobId);
    for (const follower of [...followers]) follower.onEnd();
  };

  async function look(jobId: string, read: ReadJob, followers: ReadonlySet<Follower>): Promise<void> {
    while (followers.size > 0) {
      await pause(everyMs, undefined, { ref: false });
      if (closed || followers.size === 0) return;
      let job: JobProgress | undefined;
      try {
        job = await read();
      } catch (error) {
        // Whoever follows keeps its stream: Postgres comes back, and what it says then is all that is needed.
        log.warn({ event: 'progress.unread', err: error, syncJobId: jobId }, 'progress could not be read this time');
        continue;
      }
      if (closed) return;
      if (job !== undefined) for (const follower of [...followers]) follower.onProgress(job);
      const isLive = job?.status === 'queued' || job?.status === 'running';
      if (!isLive) return end(jobId, followers);
    }
  }

  return {
    follow: (jobId, read, follower) => {
      if (closed) {
        follower.onEnd();
        return () => undefined;
      }
      let followers = watched.get(jobId);
      if (followers === undefined) {
        followers = new Set();
        watched.set(jobId, followers);
        followers.add(follower);
        const own = followers;
        detached(() => look(jobId, read, own)).catch((error: unknown) => {
          // A bug. Their streams end, and they come back; the process goes on for all others.
          log.warn({ event: 'progress.failed', err: error, syncJobId: jobId }, 'progress could not be told');
          end(jobId, own);
        });
      }
      followers.add(follower);
      return () => {
        followers.delete(follower);
        // The loop notices at its next turn; whoever comes before that gets one of his own.
        if (followers.size === 0 && watched.get(jobId) === followers) watched.delete(jobId);
      };
    },
    close: () => {
      closed = true;
      for (const [jobId, followers] of [...watched]) end(jobId, followers);
    },
  };
}
