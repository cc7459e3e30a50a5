import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { EmbeddedError } from './embedded-error.js';
import { forgetKeeper } from './home/home-lock.js';
import { keeperRecordFile, readRecord } from './home/keeper-record.js';
import { layoutOf } from './home/layout.js';
import { clearLeftovers } from './leftovers.js';
import type { FromKeeper, StartRequest, ToKeeper } from './messages.js';
import type { EmbeddedOptions, EmbeddedServices } from './options.js';

/** Milliseconds a keeper gets to stop its services before it is killed; it bounds each step itself. */
const stopLimitMs = 30_000;

/** The caller's side of a keeper. */
export class KeeperHandle {
  readonly #child: ChildProcess;
  readonly #home: string;
  readonly #runId: string;
  readonly #options: EmbeddedOptions;
  readonly #exited: Promise<void>;
  #ready = false;
  #stopped: Promise<void> | undefined;

  constructor(child: ChildProcess, run: { home: string; runId: string }, options: EmbeddedOptions) {
    this.#child = child;
    this.#home = run.home;
    this.#runId = run.runId;
    this.#options = options;
    this.#exited = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    void this.#exited.then(() => this.#onExited());
  }

  /** Tells the keeper what to start. Resolves when it is done, rejects once it has cleaned up after a failure. */
  start(request: StartRequest): Promise<EmbeddedServices> {
    return new Promise((resolve, reject) => {
      let failure = new EmbeddedError(
        'The process that watches over Postgres and Redis ended while starting them.',
        `See ${join(this.#home, 'logs', 'keeper.log')}, or set DATABASE_URL and REDIS_URL.`,
      );
      this.#child.on('message', (message: FromKeeper) => {
        if (message.type === 'step') this.#options.onStep?.(message.line);
        else if (message.type === 'part-ended') this.#options.onExit?.(message.part, message.detail);
        else if (message.type === 'failed') failure = new EmbeddedError(message.message, message.hint);
        else {
          this.#ready = true;
          this.#letGo();
          const { databaseUrl, redisUrl } = message;
          resolve({
            ...(databaseUrl !== undefined && { databaseUrl }),
            ...(redisUrl !== undefined && { redisUrl }),
            stop: () => this.stop(),
          });
        }
      });
      // Only when the keeper is gone has it let go of the home, so that the caller may try again at once.
      void this.#exited.then(() => reject(failure));
      this.#send(request);
    });
  }

  /** Stops the services and waits for the keeper's end. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#child.ref();
    this.#send({ type: 'stop' });
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), stopLimitMs);
    await this.#exited;
    clearTimeout(limit);
    await this.#clear();
  }

  /** A keeper that ended by itself has stopped everything; one that was killed has not. */
  async #clear(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    // A later keeper may have taken the home over, and with it whatever was left: hands off then.
    const isOurs = (await readRecord(keeperRecordFile(this.#home)))?.runId === this.#runId;
    try {
      await clearLeftovers(this.#home, isOurs ? layoutOf(this.#home) : undefined, () => {});
      if (isOurs) await forgetKeeper(this.#home);
    } catch {
      // The next start tries again, and says so if it cannot.
    }
  }

  #onExited(): void {
    if (!this.#ready || this.#stopped) return;
    const { exitCode, signalCode } = this.#child;
    this.#options.onExit?.('keeper', signalCode ? `was ended by ${signalCode}` : `ended with code ${exitCode}`);
  }

  /** Services alone are no reason for the caller to go on living. */
  #letGo(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  #send(message: ToKeeper): void {
    // A keeper that is already gone shows by its exit, for which everyone here waits.
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
