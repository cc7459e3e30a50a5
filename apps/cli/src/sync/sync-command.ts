import type { ApiAddress } from './api-address.js';
import { askApi, interrupted } from './ask-api.js';
import { progressLines } from './progress-lines.js';
import { followSync, type Progress, Refusal, startSyncs } from './sync-api.js';

export interface SyncCommand {
  readonly connection?: string;
  readonly mode?: string;
  readonly organization?: string;
  readonly follow: boolean;
  readonly url?: string;
}

/**
 * `syncline sync`: starts syncs by the API, and with `--follow` shows them until they have ended, also one that was
 * running already. Ends with exit code 0 when they were started, or all completed; 1 when not. Ctrl-C ends the following
 * and leaves the sync alone.
 *
 * Throws EnvironmentError without a key.
 */
export async function runSync(command: SyncCommand): Promise<void> {
  await askApi(command.url, (api, signal) => startAndFollow(api, command, signal));
}

async function startAndFollow(api: ApiAddress, command: SyncCommand, signal: AbortSignal): Promise<number> {
  const syncIds = await startOrFind(api, command);
  return command.follow ? followSyncs(api, syncIds, command.organization, signal) : 0;
}

/** Shows syncs until they have ended; an exit code: 0 if all completed, 1 if not, 130 when the signal came before. */
export async function followSyncs(
  api: ApiAddress,
  syncIds: readonly string[],
  organization: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  let allCompleted = true;
  // One after the other: what happened to the second meanwhile, its stream tells at once.
  for (const syncId of syncIds) {
    const last = await show(api, syncId, organization, signal);
    if (signal.aborted) {
      process.stdout.write('Not followed any more; the sync goes on. The same command follows it again.\n');
      return interrupted;
    }
    allCompleted &&= last?.status === 'completed';
    for (const { entity, message } of last?.errors ?? []) process.stdout.write(`  ${entity ?? 'sync'}: ${message}\n`);
    process.stdout.write(`Sync ${syncId} ${last?.status ?? 'has ended'}\n`);
  }
  return allCompleted ? 0 : 1;
}

/** Who wants to follow a sync does not mind that it was started by somebody else. Throws Refusal. */
export async function startOrFind(api: ApiAddress, command: SyncCommand): Promise<string[]> {
  try {
    const syncIds = await startSyncs(api, command);
    for (const syncId of syncIds) process.stdout.write(`Sync ${syncId} started\n`);
    return syncIds;
  } catch (error) {
    if (!command.follow || !(error instanceof Refusal) || error.runningSyncId === undefined) throw error;
    process.stdout.write(`Sync ${error.runningSyncId} is running already\n`);
    return [error.runningSyncId];
  }
}

async function show(
  api: ApiAddress,
  syncId: string,
  organization: string | undefined,
  signal: AbortSignal,
): Promise<Progress | undefined> {
  const lines = progressLines(process.stdout);
  let last: Progress | undefined;
  try {
    for await (const progress of followSync(api, syncId, organization, signal)) {
      lines.show(progress);
      last = progress;
    }
  } finally {
    lines.end();
  }
  return last;
}
