import {
  findHistory,
  type History,
  type HistoryKey,
  type HistoryState,
  type RecordCounts,
  readClock,
  readWindowJob,
  type WindowJob,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { addCounts } from './add-counts.js';
import { monthAfter, monthsBetween } from './months.js';

/** What a history is at: reading a window, waiting for its turn or after a failure, paused, done. */
export type HistoryPhase = 'reading' | 'waiting' | 'retrying' | 'paused' | 'done';

/** How far a connection's history is. */
export interface HistoryProgress {
  readonly id: string;
  readonly connectionId: string;
  readonly state: HistoryState;
  readonly phase: HistoryPhase;
  /** 0 to 100; 100 only when it is done. */
  readonly percent: number;
  /** In a sentence. */
  readonly message: string;
  /** Months as YYYY-MM: the oldest and the newest that belong to it, and the oldest that is read (null while none is). */
  readonly from: string;
  readonly to: string;
  readonly reached: string | null;
  /** The month that is read now or next; null when it is done. */
  readonly window: string | null;
  readonly windowsDone: number;
  readonly windowsTotal: number;
  /** Of the last windows; null until one is known. */
  readonly secondsPerWindow: number | null;
  /** When all of it will be read, if it goes on like that; null while that is not known, or it does not go on. */
  readonly eta: Date | null;
  /** The sync that reads the window, while one does. */
  readonly jobId: string | null;
  /** Over all windows, the one at hand included. */
  readonly records: RecordCounts;
  /** What the last window failed by, until one gets further. */
  readonly error: { readonly code: string; readonly message: string; readonly at: Date } | null;
  /** When it is tried again. */
  readonly nextAttemptAt: Date | null;
  readonly pausedBy: string | null;
  readonly begunAt: Date;
  readonly endedAt: Date | null;
}

/** A history by its connection, or by its own id. Undefined where the organization has none. */
export async function readHistory(
  ctx: Pick<EngineContext, 'db'>,
  organizationId: string,
  key: HistoryKey,
): Promise<HistoryProgress | undefined> {
  const history = await findHistory(ctx.db, organizationId, key);
  if (history === undefined) return undefined;
  return progressOf(history, await readWindowJob(ctx.db, history), await readClock(ctx.db));
}

/** The same of what was read. */
function progressOf(history: History, job: WindowJob | undefined, now: Date): HistoryProgress {
  const { id, connectionId, state, firstMonth, lastMonth, nextMonth, nextAttemptAt } = history;
  const { recentSeconds, pausedBy, begunAt, endedAt, errorCode, failedAt } = history;
  const isDone = state === 'done';
  const isLive = job !== undefined && (job.status === 'queued' || job.status === 'running');
  const windowsTotal = monthsBetween(firstMonth, lastMonth);
  const windowsRead = monthsBetween(monthAfter(nextMonth, 1), lastMonth);
  const windowsDone = isDone ? windowsTotal : windowsRead;
  const left = windowsTotal - windowsDone;
  const mean =
    recentSeconds.length === 0 ? null : recentSeconds.reduce((sum, one) => sum + one, 0) / recentSeconds.length;
  const spent = history.windowSeconds + (isLive ? job.seconds : 0);
  const ahead = mean === null ? null : Math.max(0, left * mean - Math.min(spent, mean));
  const isWaiting = nextAttemptAt !== null && nextAttemptAt > now;
  const phase: HistoryPhase = state !== 'running' ? state : isLive ? 'reading' : isWaiting ? 'retrying' : 'waiting';
  const part = isDone ? 0 : partOfWindow(spent, mean);
  const progress = {
    ...{ id, connectionId, state, phase, from: firstMonth, to: lastMonth, windowsDone, windowsTotal },
    percent: isDone ? 100 : Math.min(99, Math.floor((100 * (windowsDone + part)) / windowsTotal)),
    reached: isDone ? firstMonth : windowsDone === 0 ? null : monthAfter(nextMonth, 1),
    window: isDone ? null : nextMonth,
    secondsPerWindow: mean === null ? null : Math.round(mean * 10) / 10,
    eta: state !== 'running' || ahead === null ? null : later(now, nextAttemptAt, ahead),
    jobId: isLive ? history.jobId : null,
    records: job === undefined ? history.records : addCounts(history.records, job.records),
    error:
      errorCode === null || failedAt === null
        ? null
        : { code: errorCode, message: history.errorMessage ?? '', at: failedAt },
    nextAttemptAt: state === 'running' && isWaiting ? nextAttemptAt : null,
    ...{ pausedBy, begunAt, endedAt },
  };
  return { ...progress, message: messageOf(progress) };
}

/** By time: how many pages a window has is not known before. Never all of it. */
function partOfWindow(spent: number, mean: number | null): number {
  return mean === null || mean === 0 ? 0 : Math.min(0.95, spent / mean);
}

function later(now: Date, nextAttemptAt: Date | null, seconds: number): Date {
  return new Date(Math.max(now.getTime(), nextAttemptAt?.getTime() ?? 0) + seconds * 1_000);
}

function messageOf(progress: Omit<HistoryProgress, 'message'>): string {
  const { phase, window, from, to, windowsDone, windowsTotal, pausedBy, error } = progress;
  const far = `${windowsDone} of ${windowsTotal} months are read`;
  switch (phase) {
    case 'done':
      return `All months from ${from} to ${to} are read`;
    case 'paused':
      return `Paused${pausedBy === null ? '' : ` by ${pausedBy}`}; ${far}`;
    case 'reading':
      return `Reading ${window}; ${far}`;
    case 'retrying':
      return `${window} is tried again later${error === null ? '' : `: ${error.code}`}; ${far}`;
    case 'waiting':
      return `Waiting to read ${window}; ${far}`;
  }
}
