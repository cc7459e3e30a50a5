import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { beatWorker, releaseName, removeWorker } from '@syncline/store';
import type { EngineContext } from '../context.js';

const everyMs = 5_000;

/** Lets the fleet know that this worker is alive, until the signal; then says goodbye. */
export async function joinFleet(ctx: Pick<EngineContext, 'db' | 'log' | 'bootId'>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await beatWorker(ctx.db, {
        ...{ bootId: ctx.bootId, host: hostname(), pid: process.pid },
        release: await releaseName(),
      });
    } catch (error) {
      ctx.log.debug({ event: 'pulse.missed', err: error }, 'no sign of life could be given');
    }
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
  await removeWorker(ctx.db, ctx.bootId).catch(() => undefined);
}
