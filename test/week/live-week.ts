import { sql } from 'kysely';
import { expect } from 'vitest';
import { seeded } from '../chaos/seeded.js';
import { expectTruth, type SyncedEntity } from '../e2e/truth.js';
import { Conditions } from './conditions.js';
import { endedJob, expectAlarmClocks, expectNothingNew, expectSlots, expectTruthOf, transactionId } from './examine.js';
import { People } from './people.js';
import { planTroubles } from './troubles.js';
import { foundFirm, type WeekFirm } from './week-firm.js';

const minute = 60_000;
const hour = 60 * minute;

export interface Week {
  /** Midnight in New York. */
  readonly midnight: string;
  readonly days: number;
  /** Days of the week on which nobody works, and nothing goes wrong. */
  readonly daysOff: readonly string[];
  readonly contacts: number;
  readonly seed: number;
}

/** What there was to see. */
export interface WeekReport {
  readonly slots: number;
  readonly jobs: number;
  /** Jobs that had nothing new to bring. */
  readonly quietJobs: number;
  /** Of tables with the vendor, record by record. */
  readonly comparisons: number;
  readonly tokens: number;
  readonly faultsHit: number;
  readonly done: Readonly<Record<string, number>>;
  readonly troubles: Readonly<Record<string, number>>;
}

/** The share of an interval that is the connection's own: so that the daily one comes before anybody works. */
const spreadSeconds = 11 * 3600 + 7 * 60 + 46;
/** A change is read again for as long as the overlap, and as the vendor's clock lags. */
const settledAfter = 30 * minute;

/**
 * Some days of a firm from a midnight on, and some hours more, so that a full sync is among the last: people work,
 * the fleet syncs by its schedules, things go wrong, and time passes by being set. Everything is decided by the seed.
 *
 * Compares tables with the vendor, record by record: after each full sync with nothing left out, after those that come
 * every hour but for deletes. A job with nothing new may cost no more than it has to, and every slot of every schedule
 * has the outcome that it must have.
 */
export async function liveWeek({ midnight, days, daysOff, contacts, seed }: Week): Promise<WeekReport> {
  const fraction = seeded(seed);
  const startMs = Date.parse(midnight);
  const endMs = startMs + (days * 24 + 4) * hour;
  const firm = await foundFirm({ contacts, seed, startMs, spreadSeconds });
  try {
    const people = new People(firm.simulator, fraction, startMs, daysOff);
    const week = new LivingWeek(firm, people, new Conditions(planTroubles(startMs, days, daysOff, fraction)));
    await week.live(startMs, endMs);
    return await week.end(startMs, endMs);
  } finally {
    await firm.close();
  }
}

class LivingWeek {
  readonly #firm: WeekFirm;
  readonly #people: People;
  readonly #conditions: Conditions;
  /** When each entity was read to the end last. */
  readonly #readAt = new Map<SyncedEntity, number>();
  readonly #away: { fromMs: number; untilMs: number }[] = [];
  #skipped = 0;
  #comparisons = 0;
  #quietJobs = 0;

  constructor(firm: WeekFirm, people: People, conditions: Conditions) {
    this.#firm = firm;
    this.#people = people;
    this.#conditions = conditions;
  }

  async live(startMs: number, endMs: number): Promise<void> {
    for (let nowMs = startMs; ; ) {
      const { id, dueMs } = await this.#nextSlot();
      const away = this.#conditions.meet(this.#firm, dueMs);
      const untilMs = away?.untilMs ?? dueMs;
      if (untilMs >= endMs) return;
      await this.#pass(nowMs, untilMs);
      nowMs = untilMs;
      if (away !== undefined) {
        this.#away.push({ fromMs: dueMs, untilMs });
        await this.#comeBack(away.emptied);
      } else {
        await this.#firm.fire(id);
        if (this.#conditions.overruns) nowMs = await this.#skipSlot(nowMs);
        await this.#carryOut();
      }
    }
  }

  /** What is due next, by the rows. */
  async #nextSlot(): Promise<{ id: string; dueMs: number }> {
    const { rows } = await sql<{ id: string; due: Date }>`
      select id, next_due_at as due from sync_schedules where enabled order by next_due_at, id limit 1`.execute(
      this.#firm.ground.bed.db,
    );
    const [next] = rows;
    if (next === undefined) throw new Error('no schedule is enabled');
    return { id: next.id, dueMs: next.due.getTime() };
  }

  /** Time passes, and people work. */
  async #pass(fromMs: number, toMs: number): Promise<void> {
    const { lagMs, aheadSeconds } = this.#conditions;
    this.#people.work(fromMs, toMs, lagMs);
    await this.#firm.time.set(toMs, aheadSeconds);
  }

  /** Another slot comes while the job of the last one has not even begun. */
  async #skipSlot(nowMs: number): Promise<number> {
    this.#conditions.overruns = false;
    const { id, dueMs } = await this.#nextSlot();
    await this.#pass(nowMs, dueMs);
    await this.#firm.fire(id);
    this.#skipped += 1;
    return dueMs;
  }

  /** The fleet is back: the reconciler finds what is overdue, and sets all alarm clocks. */
  async #comeBack(emptied: boolean): Promise<void> {
    if (emptied) await this.#firm.ground.flush();
    await this.#firm.lookAfter();
    await this.#carryOut();
    await this.#firm.lookAfter();
    // BullMQ computes its times by the clock of the process.
    if (this.#conditions.aheadSeconds === 0) await expectAlarmClocks(this.#firm);
  }

  /** The job of the slot is carried out, and looked at. */
  async #carryOut(): Promise<void> {
    const { simulator, ground, time } = this.#firm;
    const busy = this.#people.lastChangeMs > time.nowMs() - 5 * minute;
    if (busy) this.#people.touch();
    simulator.requests.reset();
    const firstTransaction = await transactionId(ground.bed.db);
    const jobId = await this.#firm.carryOut();
    if (jobId === undefined) throw new Error('the slot made no job');
    const struck = simulator.faults.report().some(({ hits }) => hits > 0);
    if (struck) await this.#firm.calm();
    const job = await endedJob(ground.bed.db, jobId);
    const when = new Date(time.nowMs()).toISOString();
    if (!struck) expect(job.status, `job of ${when}`).toBe('succeeded');
    if (job.status !== 'succeeded') return;

    const unchangedSince = this.#people.lastChangeMs + settledAfter;
    const wasRead = (entity: SyncedEntity) => unchangedSince < (this.#readAt.get(entity) ?? Number.NEGATIVE_INFINITY);
    if (!struck && !job.isFull && job.entities.every(wasRead)) {
      this.#quietJobs += 1;
      await expectNothingNew(this.#firm, job, firstTransaction);
    } else if (job.isFull || job.entities.includes('notes')) {
      this.#comparisons += 1;
      await expectTruthOf(this.#firm, job);
    }
    for (const entity of job.entities) this.#readAt.set(entity, time.nowMs());
    if (busy) this.#people.retouch();
  }

  async end(fromMs: number, toMs: number): Promise<WeekReport> {
    const { ground, simulator } = this.#firm;
    const { db } = ground.bed;
    await expectTruth(ground.bed, simulator);
    const seen = await sql<{ what: string }>`select what from model_violations`.execute(db);
    expect(seen.rows, 'what Postgres has seen in its own tables').toEqual([]);
    const { rows } = await sql<{ jobs: number }>`select count(*)::int as jobs from sync_jobs`.execute(db);
    const { refreshes, faultsHit } = simulator.state();
    return {
      slots: await expectSlots(this.#firm, { fromMs, toMs, spreadSeconds, away: this.#away, skipped: this.#skipped }),
      jobs: rows[0]?.jobs ?? 0,
      quietJobs: this.#quietJobs,
      comparisons: this.#comparisons,
      tokens: refreshes,
      faultsHit,
      done: this.#people.done,
      troubles: this.#conditions.met,
    };
  }
}
