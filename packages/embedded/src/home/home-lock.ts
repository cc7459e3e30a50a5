import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError } from '../embedded-error.js';
import { keeperLives, keeperRecordFile, readRecord, removeRecord, writeRecord } from './keeper-record.js';
import { askHolder, type Holder, listeners, listenOn, newLockSocket } from './lock-socket.js';

/** Milliseconds that a keeper which is stopping gets to finish: longer than its services may take. */
const patienceMs = 25_000;

export interface HomeLock {
  /** From now on those who ask are told to wait for a moment. */
  markStopping(): void;
  release(): Promise<void>;
}

export interface LockRequest {
  home: string;
  runId: string;
  /** The process on whose behalf the keeper runs. */
  parent: number;
  onStep(line: string): void;
}

/**
 * Makes this keeper the only one of a home. The lock is a listening socket, because the system lets
 * go of it at death, however that came; a file would have to be judged by its age or a number.
 *
 * Everyone listens under a name of his own first and looks for others then. Of two that come together the one who looks
 * later sees the other, so never both go on; when each sees the other both withdraw, and try again at another moment.
 *
 * Waits while an earlier keeper is stopping. Throws an EmbeddedError when the home is in use.
 */
export async function lockHome(request: LockRequest): Promise<HomeLock> {
  const recordFile = keeperRecordFile(request.home);
  const deadline = Date.now() + patienceMs;
  let waiting = false;

  for (let round = 1; ; round += 1) {
    const holder = await findHolder(request.home, recordFile);
    const lock = holder ?? (await tryToLock(request, recordFile));
    if ('release' in lock) return lock;
    if (Date.now() > deadline || !(lock.trying || isLeaving(lock))) throw inUse(request.home, lock);
    if (lock.trying) {
      await delay(Math.random() * 50 * round);
      continue;
    }
    if (!waiting) request.onStep('Waiting for the services of the last run to stop');
    waiting = true;
    await delay(50);
  }
}

/** The lock, unless somebody else listens for the home. */
async function tryToLock(request: LockRequest, recordFile: string): Promise<HomeLock | Holder> {
  const { home, parent, runId } = request;
  const place = newLockSocket(home);
  const self: Holder = { parent, stopping: false, trying: true };
  const server = await listenOn(place, () => self);
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  const [other] = await listeners(home, place);
  if (other !== undefined) {
    await close();
    return other;
  }
  self.trying = false;
  await writeRecord(recordFile, { keeper: process.pid, parent, runId, place });
  return {
    markStopping: () => {
      self.stopping = true;
    },
    release: async () => {
      await removeRecord(recordFile);
      await close();
    },
  };
}

/** Removes the traces of a keeper that was killed. Call it only when no keeper holds the home. */
export async function forgetKeeper(home: string): Promise<void> {
  await removeRecord(keeperRecordFile(home));
  // Asked, a socket that nobody listens on goes.
  await listeners(home);
}

/** The keeper that holds the home: by its socket, or by its record should the socket have been swept from /tmp. */
async function findHolder(home: string, recordFile: string): Promise<Holder | undefined> {
  const record = await readRecord(recordFile);
  const answers = await listeners(home);
  const answer = answers.find(({ trying }) => !trying) ?? answers[0] ?? (record && (await askHolder(record.place)));
  if (answer) return answer;
  if (record && (await keeperLives(record))) return { parent: record.parent, stopping: false };
  return undefined;
}

/** Whether a keeper is on its way out: it says so, or its parent is dead, which it will notice at once. */
function isLeaving(holder: Holder): boolean {
  if (holder.stopping) return true;
  if (holder.parent === undefined) return false;
  try {
    process.kill(holder.parent, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function inUse(home: string, holder: Holder): EmbeddedError {
  const who = holder.parent === undefined ? '' : ` (process ${holder.parent})`;
  return new EmbeddedError(
    `Syncline already runs in ${home}${who}.`,
    'Stop it, or set SYNCLINE_HOME to another folder.',
  );
}
