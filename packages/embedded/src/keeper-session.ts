import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError } from './embedded-error.js';
import { openEphemeralRun } from './home/ephemeral-run.js';
import { lockHome } from './home/home-lock.js';
import { type Layout, layoutOf } from './home/layout.js';
import { clearLeftovers } from './leftovers.js';
import type { StartRequest } from './messages.js';
import type { EmbeddedPart } from './options.js';
import { startPostgres } from './postgres/start-postgres.js';
import { type Identity, serviceIdentity } from './process/identity.js';
import { type ServiceProcess, type ServiceSpec, spawnService } from './process/service-process.js';
import { startRedis } from './redis/start-redis.js';
import type { ServiceScene } from './service-scene.js';

export interface SessionListener {
  onStep(line: string): void;
  onPartEnded(part: EmbeddedPart, detail: string): void;
}

export interface Urls {
  databaseUrl?: string;
  redisUrl?: string;
}

/** Milliseconds that a start which is no longer wanted gets to notice it. */
const startLimitMs = 5_000;

/** The services of one start, from the first lock to the last process. */
export class KeeperSession {
  readonly #listener: SessionListener;
  readonly #running = new Set<ServiceProcess>();
  /** Undone in reverse order at the end. */
  readonly #undo: (() => Promise<void>)[] = [];
  /** What a start still has under way; never rejects. */
  readonly #pending: Promise<unknown>[] = [];
  readonly #abort = new AbortController();
  #ready = false;
  #markStopping: () => void = () => {};
  #stopped: Promise<void> | undefined;

  constructor(listener: SessionListener) {
    this.#listener = listener;
  }

  /** Starts what was asked for. Rejects with an EmbeddedError when that is not possible; `stop` is still due then. */
  start(request: StartRequest, runId: string, parent: number): Promise<Urls> {
    const started = this.#start(request, runId, parent);
    this.#pending.push(started.catch(() => {}));
    return started;
  }

  /** Stops everything and waits for it, also in the middle of a start. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(request: StartRequest, runId: string, parent: number): Promise<Urls> {
    const onStep = this.#listener.onStep;
    const identity = await serviceIdentity(layoutOf(request.home).postgres);
    const layout = await this.#occupy(request, { runId, parent, identity });
    await clearLeftovers(request.home, request.ephemeral ? undefined : layout, onStep);
    const scene: ServiceScene = {
      layout,
      identity,
      ephemeral: request.ephemeral,
      signal: this.#abort.signal,
      onStep,
      launch: (spec) => this.#launch(spec),
    };
    this.#abort.signal.throwIfAborted();
    const starts = [
      request.postgres ? startPostgres(scene) : undefined,
      request.redis ? startRedis(scene) : undefined,
    ] as const;
    // If one fails that is the answer, at once; the other is still waited for when stopping.
    this.#pending.push(Promise.allSettled(starts));
    const [database, redis] = await Promise.all(starts);
    for (const started of [database, redis]) {
      if (started?.service.hasEnded()) throw await diedAtOnce(started.service);
    }
    this.#ready = true;
    return {
      ...(database && { databaseUrl: database.url }),
      ...(redis && { redisUrl: redis.url }),
    };
  }

  async #occupy(
    request: StartRequest,
    run: { runId: string; parent: number; identity: Identity | undefined },
  ): Promise<Layout> {
    if (request.ephemeral) {
      const opened = await openEphemeralRun(request.home, run);
      this.#undo.push(opened.discard);
      return layoutOf(request.home, await realpath(opened.folder));
    }
    const lock = await lockHome({ home: request.home, ...run, onStep: this.#listener.onStep });
    this.#undo.push(lock.release);
    this.#markStopping = lock.markStopping;
    return layoutOf(request.home);
  }

  async #launch(spec: ServiceSpec): Promise<ServiceProcess> {
    if (this.#stopped) throw stopping();
    const service = await spawnService(spec);
    this.#running.add(service);
    void service.ended.then((detail) => this.#onEnded(service, detail));
    if (this.#stopped) {
      await service.end();
      throw stopping();
    }
    return service;
  }

  async #onEnded(service: ServiceProcess, detail: string): Promise<void> {
    this.#running.delete(service);
    // While starting, whoever starts it watches it, and may well try again on another port.
    if (!this.#ready || this.#stopped) return;
    this.#listener.onPartEnded(service.spec.part, `${detail}\n${await service.logTail()}`.trim());
  }

  async #stop(): Promise<void> {
    this.#markStopping();
    this.#abort.abort(stopping());
    await this.#endServices();
    await Promise.race([Promise.all(this.#pending), delay(startLimitMs)]);
    await this.#endServices();
    // What cannot be undone now is found by the next start.
    for (const undo of this.#undo.reverse()) await undo().catch(() => {});
  }

  async #endServices(): Promise<void> {
    await Promise.all([...this.#running].map((service) => service.end()));
  }
}

function stopping(): Error {
  return new Error('Syncline is stopping.');
}

async function diedAtOnce(service: ServiceProcess): Promise<EmbeddedError> {
  return new EmbeddedError(
    `${service.spec.part} ${await service.ended} right after its start.\n${await service.logTail()}`,
    `See ${service.spec.logFile}.`,
  );
}
