import type { Connector } from '@syncline/connector-kit';
import type { History, HistoryChange, OpenRun, WindowJob } from '@syncline/store';
import { addCounts } from './add-counts.js';
import { monthAfter } from './months.js';

/** How many of the last windows tell how long the next ones will take. */
const windowsRemembered = 6;
const backoffSeconds = { first: 30, most: 3_600 };
/** What it says about a run that it has had its pages: it goes on in the next job. */
const cappedCode = 'PAGE_CAP_REACHED';

/**
 * What the end of a window's job means for the history. All was read: the next window is the month before. Part of it was
 * read: the rest stays open, and is tried again after a failure (later each time, as long as no page comes of it), goes on
 * at once after a cap on pages, and waits where somebody has cancelled it. `yielded`: we have ended it ourselves, for
 * another sync or a pause.
 */
export function settleWindow(
  connector: Pick<Connector, 'entities'>,
  history: History,
  job: WindowJob,
  now: Date,
  { yielded = false }: { readonly yielded?: boolean } = {},
): HistoryChange {
  const windowSeconds = history.windowSeconds + job.seconds;
  const noted = { jobId: null, records: addCounts(history.records, job.records), windowSeconds };
  const openRuns = leftOf(connector, job);
  if (openRuns.length === 0) return { ...noted, ...advance(history, windowSeconds, now) };
  const hasMoved = job.runs.some(({ pages }) => pages > 0);
  const left = { ...noted, openRuns };
  if (yielded) return { ...left, ...(hasMoved && noTrouble) };
  if (job.status === 'cancelled') return { ...left, state: 'paused', pausedBy: job.cancelledBy };
  const failed = job.runs.filter(({ allPagesRead }) => !allPagesRead);
  if (hasMoved && failed.every(({ errorCode }) => errorCode === cappedCode)) return { ...left, ...noTrouble };
  return { ...left, ...failedWindow(hasMoved ? 0 : history.attempts, job, now) };
}

/** The history after its window has failed, or could not even begin: when it is tried again, and why. */
export function failedWindow(
  failuresBefore: number,
  { errorCode, errorMessage }: Pick<WindowJob, 'errorCode' | 'errorMessage'>,
  now: Date,
): HistoryChange {
  const attempts = failuresBefore + 1;
  const nextAttemptAt = new Date(now.getTime() + backoffMs(attempts));
  return { errorCode, errorMessage, failedAt: now, attempts, nextAttemptAt };
}

/** The history after its window was read to the end. */
function advance(history: History, windowSeconds: number, now: Date): HistoryChange {
  const nextMonth = monthAfter(history.nextMonth, -1);
  return {
    ...noTrouble,
    ...{ nextMonth, openRuns: null, windowSeconds: 0 },
    recentSeconds: [...history.recentSeconds, windowSeconds].slice(-windowsRemembered),
    ...(nextMonth < history.firstMonth && historyDone(now)),
  };
}

/** Everything was read. */
export function historyDone(now: Date): HistoryChange {
  return { ...noTrouble, state: 'done', pausedBy: null, openRuns: null, endedAt: now };
}

export const noTrouble = {
  ...{ attempts: 0, nextAttemptAt: null, errorCode: null, errorMessage: null, failedAt: null },
} as const satisfies HistoryChange;

/** What a job has not read to the end. What comes along with an entity is not all there before that entity is. */
function leftOf({ entities }: Pick<Connector, 'entities'>, { runs }: WindowJob): OpenRun[] {
  const open = new Set(runs.filter(({ allPagesRead }) => !allPagesRead).map(({ entity }) => entity));
  for (const { name, brings = [] } of entities) if (open.has(name)) for (const one of brings) open.add(one);
  return runs
    .filter(({ entity }) => open.has(entity))
    .map(({ entity, allPagesRead, cursor }) => ({ entity, ...(!allPagesRead && cursor != null && { cursor }) }));
}

/** Doubling, and spread: connections whose vendor was away do not all come back in the same second. */
function backoffMs(attempts: number): number {
  const { first, most } = backoffSeconds;
  return Math.min(most, first * 2 ** Math.min(attempts - 1, 20)) * 1_000 * (0.5 + Math.random() / 2);
}
