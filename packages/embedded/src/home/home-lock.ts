import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError } from '../embedded-error.js';
import { keeperLives, keeperRecordFile, readRecord, removeRecord, writeRecord } from './keeper-record.js';
import { askHolder, discardStaleSocket, type Holder, listenOn, lockSocketPath } from './lock-socket.js';

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
 * Waits while an earlier keeper is stopping. Throws an EmbeddedError when the home is in use.
 */
export async function lockHome(request: LockRequest): Promise<HomeLock> {
  const socket = lockSocketPath(request.home);
  const recordFile = keeperRecordFile(request.home);
  const deadline = Date.now() + patienceMs;
  const self: Holder = { parent: request.parent, stopping: false };
  let waiting = false;

  for (;;) {
    const holder = await findHolder(socket, recordFile);
    if (!holder) {
      await discardStaleSocket(socket, request.runId);
      const server = await listenOn(socket, () => self);
      if (!server) continue;
      await writeRecord(recordFile, {
        keeper: process.pid,
        parent: request.parent,
        runId: request.runId,
        place: socket,
      });
      return {
        markStopping: () => {
          self.stopping = true;
        },
        release: async () => {
          await removeRecord(recordFile);
          await new Promise((resolve) => server.close(resolve));
        },
      };
    }
    if (!isLeaving(holder) || Date.now() > deadline) throw inUse(request.home, holder);
    if (!waiting) request.onStep('Waiting for the services of the last run to stop');
    waiting = true;
    await delay(50);
  }
}

/** Removes the traces of a keeper that was killed. Call it only when no keeper holds the home. */
export async function forgetKeeper(home: string): Promise<void> {
  await removeRecord(keeperRecordFile(home));
  await discardStaleSocket(lockSocketPath(home), `${process.pid}`);
}

/** The keeper that holds the home: by its socket, or by its record should the socket have been swept from /tmp. */
async function findHolder(socket: string, recordFile: string): Promise<Holder | undefined> {
  const record = await readRecord(recordFile);
  const answer = (await askHolder(socket)) ?? (record && record.place !== socket && (await askHolder(record.place)));
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
