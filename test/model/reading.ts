import { randomUUID } from 'node:crypto';
import { entityOf } from '@syncline/connector-kit';
import { practicePanther } from '@syncline/connectors';
import { startSync } from '@syncline/engine';
import {
  type ClaimedRun,
  type Connection,
  claimRun,
  commitPages,
  concludeJob,
  endRun,
  ensureConnection,
  ensureOrganization,
  readStates,
  tableSql,
} from '@syncline/store';
import { pino } from 'pino';
import { expect } from 'vitest';
import type { Ground } from './ground.js';
import { overlapSeconds } from './town.js';

const overlapMs = overlapSeconds * 1000;

export type Mode = 'full' | 'incremental';

/** A connection that nothing was read of yet. */
export async function openReading(ground: Ground): Promise<Reading> {
  const organizationId = await ensureOrganization(ground.db, 'reading', 'A town');
  const settings = { baseUrl: 'https://vendor.example/', overlapSeconds };
  const credentials = { clientId: 'c', clientSecret: 's' };
  const given = { organizationId, connector: practicePanther.id, name: 'reading', settings, credentials };
  return new Reading(ground, await ensureConnection(ground.db, ground.vault, given));
}

/** An entity that is read by hand: what the vendor has published, what was read of it, and what Postgres makes of that. */
export class Reading {
  readonly #ground: Ground;
  readonly #connection: Connection;
  /** Times of changes, in the order of their publication. No two are the same: each stands for its change. */
  readonly #published: number[] = [];
  readonly #read = new Set<number>();
  #nowMs = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  #run: ClaimedRun | undefined;
  #watermark = Number.NEGATIVE_INFINITY;

  constructor(ground: Ground, connection: Connection) {
    this.#ground = ground;
    this.#connection = connection;
  }

  async publish(count: number, lagMs: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      this.#nowMs += 1_000;
      this.#add(this.#nowMs - lagMs);
    }
  }

  async publishLate(): Promise<void> {
    const place = afterOf(this.#run?.cursor ?? (await this.#state())?.continuation?.cursor);
    this.#nowMs += 1;
    if (place !== undefined) this.#add(Math.max(this.#nowMs - overlapMs + 1, Math.min(this.#nowMs, place - 1)));
  }

  async wait(ms: number): Promise<void> {
    this.#nowMs += ms;
  }

  async finish(mode: Mode): Promise<void> {
    do await this.page(3, mode);
    while (this.#run !== undefined);
  }

  #add(wanted: number): void {
    let time = wanted;
    while (this.#published.includes(time)) time += 1;
    this.#nowMs = Math.max(this.#nowMs, time);
    this.#published.push(time);
  }

  async page(size: number, mode: Mode): Promise<void> {
    const { db } = this.#ground;
    const run = this.#run ?? (await this.#start(mode));
    const from = afterOf(run.cursor) ?? Number.NEGATIVE_INFINITY;
    const since = run.lowerBound?.getTime() ?? Number.NEGATIVE_INFINITY;
    const open = this.#published.filter((time) => time >= since && time > from).sort((left, right) => left - right);
    const some = open.slice(0, size);
    const last = open.length <= size;
    const cursor = last ? undefined : { after: some.at(-1) };
    const upperBound = new Date(this.#nowMs);
    await commitPages(db, this.#target(), run, {
      pages: 1,
      pagesBefore: run.pages,
      records: [],
      rejected: [],
      lossless: false,
      asOf: new Date(),
      cursor,
      upperBound,
      mayResolve: false,
    });
    for (const time of some) this.#read.add(time);
    this.#run = { ...run, cursor, pages: run.pages + 1, upperBound: run.upperBound ?? upperBound };
    if (last) await this.#end(this.#run, 'succeeded');
  }

  async claim(): Promise<void> {
    if (this.#run === undefined) return;
    const { syncJobId, cursor, lowerBound, upperBound, pages } = this.#run;
    this.#run = await this.#claim(syncJobId);
    expect(this.#run).toMatchObject({ cursor, lowerBound, upperBound, pages });
  }

  async end(how: 'partial' | 'failed' | 'cancelled'): Promise<void> {
    if (this.#run !== undefined) await this.#end(this.#run, how);
  }

  /** The watermark has not moved back, and nothing that was published is before it less the overlap and unread. */
  async expectNoHole(): Promise<void> {
    const watermark = (await this.#state())?.watermark?.getTime() ?? Number.NEGATIVE_INFINITY;
    expect(watermark).toBeGreaterThanOrEqual(this.#watermark);
    this.#watermark = watermark;
    expect(watermark).toBeLessThanOrEqual(this.#nowMs);
    expect(this.#published.filter((time) => time < watermark - overlapMs && !this.#read.has(time))).toEqual([]);
  }

  async #start(mode: Mode): Promise<ClaimedRun> {
    const { db, flows } = this.#ground;
    const ctx = { db, flows, connectors: [practicePanther], log: pino({ level: 'silent' }) };
    const request = { syncType: mode, mode, entities: ['accounts'], trigger: 'manual', triggeredBy: null } as const;
    const cut = (await this.#state())?.continuation;
    const { jobId } = await startSync(ctx, this.#connection, request);
    const run = await this.#claim(jobId);
    if (cut && (mode === 'incremental' || cut.mode === 'full')) {
      const date = (text: string | null) => (text === null ? null : new Date(text));
      const { cursor, lowerBound, upperBound } = cut;
      const wanted = { mode: cut.mode, cursor, lowerBound: date(lowerBound), upperBound: date(upperBound) };
      expect(run).toMatchObject(wanted);
    }
    return run;
  }

  async #claim(jobId: string): Promise<ClaimedRun> {
    const run = await claimRun(this.#ground.db, jobId, 'accounts', randomUUID());
    if (run === undefined) throw new Error('the run cannot be claimed');
    return run;
  }

  async #end(run: ClaimedRun, status: 'succeeded' | 'partial' | 'failed' | 'cancelled'): Promise<void> {
    expect(await endRun(this.#ground.db, run, { status, complete: status === 'succeeded' })).toBe(true);
    await concludeJob(this.#ground.db, run.syncJobId);
    this.#run = undefined;
  }

  async #state() {
    const { organizationId, id } = this.#connection;
    return (await readStates(this.#ground.db, organizationId, id)).get('accounts');
  }

  #target() {
    const { table } = entityOf(practicePanther, 'accounts');
    const { organizationId, id: connectionId } = this.#connection;
    return {
      sql: tableSql({ table, parentOf: () => table, children: [] }),
      organizationId,
      connectionId,
      firstLoad: false,
    };
  }
}

/** The place that a cursor of ours stands for. */
function afterOf(cursor: unknown): number | undefined {
  return (cursor as { readonly after?: number } | null | undefined)?.after;
}
