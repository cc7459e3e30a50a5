import type { ProgressWatch } from '@syncline/engine';
import type { JobProgress } from '@syncline/store';

export interface Wait {
  readonly jobId: string;
  /** Gives how far the job is; alike for all who follow it. Undefined when there is no such job any more. */
  readonly read: () => Promise<JobProgress | undefined>;
  /** Whether the job is as far as somebody waits for. */
  readonly isFarEnough: (job: JobProgress) => boolean;
  readonly longestMs: number;
  /** The answer that is waited with: nobody waits any more when it is closed, by its client too. */
  readonly answer: Closing;
}

/** As much of a `ServerResponse` as is needed. */
interface Closing {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/**
 * Waits until a job is so far, has ended or is gone; at most for the time given, and no longer than there is somebody to
 * answer or this process goes on. Gives what was seen last; undefined when nothing was looked at in that time.
 */
export function waitUntil(watch: ProgressWatch, wait: Wait): Promise<JobProgress | undefined> {
  const { jobId, read, isFarEnough, longestMs, answer } = wait;
  return new Promise((resolve) => {
    let last: JobProgress | undefined;
    let stop: () => void = () => undefined;
    const done = () => {
      clearTimeout(timer);
      answer.off('close', done);
      stop();
      resolve(last);
    };
    const timer = setTimeout(done, longestMs);
    // The request's own `close` comes as soon as its body is read.
    answer.once('close', done);
    if (answer.destroyed) return done();
    stop = watch.follow(jobId, read, {
      onProgress: (now) => {
        last = now;
        if (isFarEnough(now)) done();
      },
      onEnd: done,
    });
  });
}
