import { isSyncError } from '@syncline/connector-kit';
import {
  cancelSync,
  type EngineContext,
  finishJob,
  lookAfter,
  restartSyncs,
  runEntity,
  startSync,
  stopSyncs,
} from '@syncline/engine';
import type { StepPayload } from '@syncline/queue';
import { findConnection, isTransientDatabaseError, liveJobIds, readStop } from '@syncline/store';
import type { Fate } from './actions.js';
import type { Delivery } from './carrier.js';
import { type Actor, Death } from './stage.js';
import { overlapSeconds, type Town } from './town.js';
import { Vendor } from './vendor.js';

/** Somebody at work for the engine, as long as it lasts: a worker's turn, a trigger, a look around. */
export interface Part {
  readonly actor: Actor;
  readonly delivery: Delivery | undefined;
  readonly word: Word;
}

/** What a worker is told in the middle of a turn. */
interface Word {
  /** To stop. */
  readonly stopping: AbortController;
  /** Whether others should have its place. */
  othersWait: boolean;
}

/** What a sync refuses when it is asked at the wrong moment. */
const refusals = new Set(['SYNC_ALREADY_RUNNING', 'SYNC_STOPPED', 'CONNECTION_NOT_READY', 'SYNC_NOT_RUNNING']);
const mostHalted = 6;
/** More than anybody needs who is not lost in a loop. */
const mostSteps = 2_000;

/** A town with its people, and everybody who is at work in it. */
export class Play {
  readonly town: Town;
  readonly vendor: Vendor;
  /** Those who were halted, oldest first. */
  readonly halted: Part[] = [];
  /** Errors that nobody should ever see. */
  readonly surprises: unknown[] = [];
  /** Whose steps a stray one is of, when none is live. */
  lastJob: string | undefined;
  readonly #dead: Part[] = [];
  readonly #lapsed = new Set<Part>();
  #parts = 0;

  constructor(town: Town) {
    this.town = town;
    this.vendor = new Vendor(town.simulator, overlapSeconds * 1000);
  }

  get organizationId(): string {
    return this.town.connection.organizationId;
  }

  trigger(mode: 'full' | 'incremental', entities: readonly string[]): Part {
    const { id, organizationId } = this.town.connection;
    return this.#enter('trigger', async (ctx) => {
      const connection = await findConnection(ctx.db, organizationId, id);
      if (connection === undefined) throw new Error('the connection is gone');
      const request = { syncType: mode, mode, entities, trigger: 'manual', triggeredBy: null } as const;
      this.lastJob = (await startSync(ctx, connection, request)).jobId;
    });
  }

  /** A worker's turn. Without a delivery it is one that no queue knows of. */
  turn(payload: StepPayload, delivery?: Delivery): Part {
    const handle = payload.entity === undefined ? finishJob : runEntity;
    const work = async (ctx: EngineContext, self: Actor, word: Word) => {
      const turn = { payload, failures: 0, signal: word.stopping.signal, othersWait: async () => word.othersWait };
      try {
        const verdict = await handle(ctx, turn);
        if (!self.dead) await delivery?.settle({ verdict });
      } catch (error) {
        if (!self.dead) await delivery?.settle({ error });
        if (!isSyncError(error)) throw error;
      }
    };
    return this.#enter(payload.entity ?? 'finish', work, delivery);
  }

  look = (): Part => this.#enter('look', (ctx) => lookAfter(ctx, 0));
  stop = (): Part => this.#enter('stop', (ctx) => stopSyncs(ctx, this.organizationId, { actor: 'model' }));
  restart = (): Part => this.#enter('restart', (ctx) => restartSyncs(ctx, this.organizationId, { actor: 'model' }));

  async cancel(): Promise<Part | undefined> {
    const [jobId] = await this.liveJobs();
    if (jobId === undefined) return undefined;
    return this.#enter('cancel', (ctx) => cancelSync(ctx, this.organizationId, jobId, { actor: 'model' }));
  }

  liveJobs(): Promise<string[]> {
    return liveJobIds(this.town.bed.db, this.organizationId);
  }

  async isStopped(): Promise<boolean> {
    return (await readStop(this.town.bed.db, this.organizationId)) !== undefined;
  }

  /** Lets somebody go on, and what is to come of it come. */
  async proceed(part: Part, steps: number, fate: Fate): Promise<void> {
    const { stage } = this.town;
    const { actor, word } = part;
    if (fate === 'run') await this.#toTheEnd(part);
    else if ((await stage.go(actor, steps)) === 'halted') {
      if (fate === 'die' || (fate === 'halt' && this.halted.length >= mostHalted)) await this.die(part);
      if (fate === 'yield') word.othersWait = true;
      if (fate === 'stop') word.stopping.abort(new Error('stopping'));
      if (fate === 'lose') actor.losesCommit = true;
      // Between transactions there is no session to lose: up to the next one.
      if (fate === 'cut') while (!(await stage.cut(actor)) && (await stage.go(actor, 1)) === 'halted');
      if (fate !== 'halt') await this.#toTheEnd(part);
    }
    if (!actor.ended && !this.halted.includes(part)) this.halted.push(part);
    if (actor.ended && this.halted.includes(part)) this.halted.splice(this.halted.indexOf(part), 1);
  }

  async #toTheEnd({ actor }: Part): Promise<void> {
    if ((await this.town.stage.go(actor, mostSteps)) === 'halted') throw new Error(`${actor.name} does not end`);
  }

  /** The process of this one is gone. BullMQ takes its step for being worked on until the lock lapses. */
  async die(part: Part): Promise<void> {
    await this.town.stage.kill(part.actor);
    this.#dead.push(part);
  }

  /** BullMQ has not heard for too long of one who is dead, or was halted, and gives the step to others. */
  async lapse(who = 0): Promise<void> {
    const silent = [...this.#dead, ...this.halted].filter(
      (part) => part.delivery !== undefined && !this.#lapsed.has(part),
    );
    const part = silent[who % silent.length];
    if (part === undefined) return;
    this.#lapsed.add(part);
    await part.delivery?.lapse();
  }

  async lapseAll(): Promise<void> {
    for (let left = this.#dead.length + this.halted.length; left > 0; left -= 1) await this.lapse();
  }

  #enter<T>(
    what: string,
    work: (ctx: EngineContext, self: Actor, word: Word) => Promise<T>,
    delivery?: Delivery,
  ): Part {
    this.#parts += 1;
    const word: Word = { stopping: new AbortController(), othersWait: false };
    const actor = this.town.stage.enter(`${what} ${this.#parts}`, async (self) => {
      try {
        await work(this.town.engine(self), self, word);
      } catch (error) {
        if (error instanceof Death || self.dead) return;
        if (isTransientDatabaseError(error) || (isSyncError(error) && refusals.has(error.code))) return;
        this.surprises.push(error);
      }
    });
    return { actor, delivery, word };
  }
}
