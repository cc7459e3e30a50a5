import type { JobProgress } from '@syncline/store';
import type { Logger } from 'pino';
import { createWatch, type Watch } from './watch.js';

/** Looks at jobs that somebody follows, until they have ended. */
export type ProgressWatch = Watch<JobProgress>;

export function createProgressWatch(log: Pick<Logger, 'warn'>, everyMs: number): ProgressWatch {
  const isOver = ({ status }: JobProgress) => status !== 'queued' && status !== 'running';
  return createWatch(log, { everyMs, isOver, idName: 'syncJobId' });
}
