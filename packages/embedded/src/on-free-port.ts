import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError } from './embedded-error.js';
import { freePort, rememberedPort, rememberPort } from './process/free-port.js';
import type { ServiceProcess, ServiceSpec } from './process/service-process.js';
import type { ServiceScene, StartedService } from './service-scene.js';

export interface PortUser {
  /** File that remembers the port from one start to the next. */
  portFile: string;
  /** What to run for a given port. */
  spec(port: number): ServiceSpec | Promise<ServiceSpec>;
  /** Whether the service answers by now. */
  isReady(port: number, service: ServiceProcess): Promise<boolean>;
  url(port: number): string;
}

/** Milliseconds that a start may take: recovering from a crash or loading a large file can be slow. */
const readyLimitMs = 120_000;
const attemptLimit = 20;
// Between asking for a free port and using it, another program may have taken it.
const portTaken = /address already in use/i;
// Processes of a Postgres that was killed moments ago still hold its memory; they are on their way out.
const memoryHeld = /shared memory block .* still in use/i;

/**
 * Starts a service on the port it had the last time, or on another when that one is taken, and waits
 * until it answers. Throws an EmbeddedError with the end of its log when it does not.
 */
export async function startOnFreePort(scene: ServiceScene, user: PortUser): Promise<StartedService> {
  let wanted = await rememberedPort(user.portFile);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(wanted);
    const service = await scene.launch(await user.spec(port));
    if (await becomesReady(service, () => user.isReady(port, service))) {
      await rememberPort(user.portFile, port);
      return { url: user.url(port), service };
    }
    const log = await service.logTail();
    const heldBack = memoryHeld.test(log);
    if (attempt === attemptLimit || !(heldBack || portTaken.test(log))) throw await startFailed(service, log);
    wanted = heldBack ? port : undefined;
    if (heldBack) await delay(250);
  }
}

/** True once it answers, false when it ended instead. A service that does neither in time is ended. */
async function becomesReady(service: ServiceProcess, isReady: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + readyLimitMs;
  while (!service.hasEnded()) {
    if (await isReady()) return true;
    if (Date.now() > deadline) await service.end();
    else await Promise.race([delay(10), service.ended]);
  }
  return false;
}

async function startFailed(service: ServiceProcess, log: string): Promise<EmbeddedError> {
  const { part, logFile } = service.spec;
  const name = part === 'postgres' ? 'Postgres' : 'Redis';
  const variable = part === 'postgres' ? 'DATABASE_URL' : 'REDIS_URL';
  return new EmbeddedError(
    `${name} did not start: it ${await service.ended}.\n${log}`,
    `Read ${logFile}, or set ${variable} to a ${name} of yours.`,
  );
}
