import { createHmac, randomUUID } from 'node:crypto';
import { isSyncError } from '@syncline/connector-kit';
import { notion } from '@syncline/connectors';
import type { Simulator } from '@syncline/connectors/notion/simulator';
import { finishJob, lookAfter, openWebhookDoor, refetchSignalled, runEntity, startSync } from '@syncline/engine';
import { refetchQueue } from '@syncline/queue';
import { acceptWebhookKey, awaitHandshake, type Db, readWebhookHealth } from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { type Agency, foundAgency } from '../contract/agency.js';
import type { Action } from './agency-actions.js';
import { AgencyPeople } from './agency-people.js';
import { expectAgencyTruth } from './agency-truth.js';

type Row = Record<string, unknown>;

const key = 'secret_of-this-agency';
const day = 86_400;
const longestRequest = 60;

/** Has Postgres note what no write may ever do to a client. */
export async function watchClients(db: Db): Promise<void> {
  await sql`create table client_setbacks (connection_id uuid not null, what text not null)`.execute(db);
  await sql
    .raw(`create function note_setback() returns trigger language plpgsql as $$
    begin
      if new.source_updated_at < old.source_updated_at then
        insert into client_setbacks values (new.connection_id, format('%s went back from %s to %s', new.notion_page_id,
          old.source_updated_at, new.source_updated_at));
      end if;
      if new.slug is distinct from old.slug then
        insert into client_setbacks values (new.connection_id, format('%s has another slug', new.notion_page_id));
      end if;
      return null;
    end $$`)
    .execute(db);
  await sql`create trigger note_setback after update on clients for each row execute function note_setback()`.execute(
    db,
  );
}

/**
 * A day of an agency from its first full sync to its last: after that one every client is as it is at the vendor, and so
 * it stays when the last webhooks are worked off. On the way each sync that nobody disturbs has what it can have.
 */
export async function liveAgencyDay(bed: TestBed, actions: readonly Action[]): Promise<void> {
  const agency = await foundAgency(bed, { clients: 5 });
  try {
    const life = new AgencyDay(agency, bed.db);
    await life.begin();
    for (const action of actions) await life.perform(action);
    await life.end();
  } finally {
    await agency.close();
    // Whoever looks after things looks after those of all days.
    await sql`delete from connections where organization_id = ${agency.organizationId}`.execute(bed.db);
  }
}

/** A turn that stands still at one of its requests. */
interface Halted {
  readonly kind: 'work' | 'sync';
  readonly hold: number;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** No vendor keeps a request for longer: whoever asks has given up by then. */
  leftSeconds: number;
}

class AgencyDay {
  readonly #agency: Agency;
  readonly #simulator: Simulator;
  readonly #db: Db;
  readonly #door: ReturnType<typeof openWebhookDoor>;
  /** What the vendor has told and nobody has heard yet. */
  readonly #mail: Row[] = [];
  readonly #wakes: Promise<void>[] = [];
  readonly #posted = { accepted: 0, forged: 0, events: new Set<string>() };
  readonly #people: AgencyPeople;
  #halted: Halted | undefined;
  #leftSeconds = day - 60;

  constructor(agency: Agency, db: Db) {
    this.#agency = agency;
    this.#simulator = agency.simulator;
    this.#people = new AgencyPeople(agency.simulator);
    this.#db = db;
    const { refetches } = agency.ctx;
    // Nobody waits for them, but a life that is to go the same way again has to.
    const wake: typeof refetches.wake = (...given) => {
      const woken = refetches.wake(...given);
      this.#wakes.push(woken);
      return woken;
    };
    this.#door = openWebhookDoor({ ...agency.ctx, refetches: { ...refetches, wake } });
  }

  async begin(): Promise<void> {
    const { ctx, connection } = this.#agency;
    const { clock, store } = this.#simulator;
    clock.advance(-day);
    clock.stop(true);
    await this.#agency.sync('full');
    await awaitHandshake(this.#db, await connection(), 5);
    await acceptWebhookKey(this.#db, ctx.vault, await connection(), key);
    store.onChange((change) => {
      const { databaseId: id } = this.#simulator;
      const told =
        change.kind === 'page'
          ? {
              type: `page.${change.what}`,
              entity: { id: change.pageId, type: 'page' },
              data: { parent: { id, data_source_id: change.sourceId } },
            }
          : {
              type: 'data_source.schema_updated',
              entity: { id: store.agency.sources[0]?.id, type: 'data_source' },
            };
      this.#mail.push({ id: randomUUID(), timestamp: new Date(clock.nowMs()).toISOString(), ...told });
    });
  }

  async perform(action: Action): Promise<void> {
    switch (action.do) {
      case 'time':
        this.#pass(action.seconds);
        return;
      case 'post':
        return this.#post(action.which, action.copies);
      case 'forge':
        return this.#forge();
      case 'work':
        return this.#begin('work', action, (signal) => this.#work(signal));
      case 'sync':
        return this.#sync(action);
      case 'go on':
        return this.#goOn(action.dies);
      case 'flush':
        await this.#agency.shop.emptyRedis();
        return;
      case 'look after':
        return this.#lookAfter();
      default:
        this.#people.act(action.do, action.which);
    }
  }

  #pass(wanted: number): void {
    const seconds = Math.min(wanted, this.#leftSeconds, this.#halted?.leftSeconds ?? day);
    this.#leftSeconds -= seconds;
    if (this.#halted !== undefined) this.#halted.leftSeconds -= seconds;
    this.#simulator.clock.advance(seconds);
  }

  async end(): Promise<void> {
    await this.#goOn(false);
    await this.#sync({ mode: 'full', pause: null, stage: 'arrival' });
    await expectAgencyTruth(this.#simulator, await this.#agency.rows());
    await this.#lookAfter();
    await this.#work(new AbortController().signal);
    await expectAgencyTruth(this.#simulator, await this.#agency.rows());
    await this.#expectSums();
  }

  async #post(at: number, copies: number): Promise<void> {
    const [event] = this.#mail.splice(at % Math.max(1, this.#mail.length), 1);
    if (event === undefined) return;
    for (let copy = 0; copy < copies; copy += 1) {
      expect(await this.#deliver(event, key)).toBe('event');
      this.#posted.accepted += 1;
      this.#posted.events.add(String(event['id']));
    }
  }

  async #forge(): Promise<void> {
    const [event] = this.#mail;
    if (event === undefined) return;
    const refused = await this.#deliver(event, 'secret_of-somebody-else').catch((error: unknown) => error);
    expect(isSyncError(refused, 'WEBHOOK_REFUSED')).toBe(true);
    this.#posted.forged += 1;
  }

  async #deliver(event: Row, secret: string): Promise<'handshake' | 'event'> {
    const body = Buffer.from(JSON.stringify(event));
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const headers = { 'x-notion-signature': signature };
    const taken = await this.#door.receive(notion, { connectionId: this.#agency.id }, { headers, body });
    await Promise.all(this.#wakes.splice(0));
    return taken;
  }

  /** A worker's turn, if the queue has one to give: nothing else tells it that there is something to do. */
  async #work(signal: AbortSignal): Promise<void> {
    const { ctx, id } = this.#agency;
    const queue = ctx.queues.all.find(({ name }) => name === refetchQueue);
    const job = (await queue?.getJobs())?.find(({ data }) => data.connectionId === id);
    if (job === undefined) return;
    await this.#makeDue();
    const verdict = await refetchSignalled(ctx, { ...this.#agency.turn(''), payload: job.data, signal });
    // What rests comes again by itself, as long as Redis has it.
    if (verdict.kind === 'done') await job.remove();
    if (!signal.aborted) await this.#runStartedSyncs();
  }

  /** Nobody waits here for what is due later. */
  async #makeDue(): Promise<void> {
    await sql`update webhook_deliveries set due_at = now()
      where connection_id = ${this.#agency.id} and status = 'pending'`.execute(this.#db);
  }

  async #lookAfter(): Promise<void> {
    await this.#makeDue();
    await lookAfter(this.#agency.ctx, 3_600);
  }

  /** Syncs that a change of the schema has started. */
  async #runStartedSyncs(): Promise<void> {
    for (const jobId of await this.#openJobs('queued')) await this.#run(jobId, new AbortController().signal);
  }

  async #openJobs(...statuses: string[]): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`select id from sync_jobs
      where connection_id = ${this.#agency.id} and status = any(${statuses})`.execute(this.#db);
    return rows.map(({ id }) => id);
  }

  async #sync(sync: Pick<Extract<Action, { do: 'sync' }>, 'mode' | 'pause' | 'stage'>): Promise<void> {
    // One job a connection at a time: that of a worker that died goes on first.
    if (this.#halted?.kind === 'sync') return;
    for (const jobId of await this.#openJobs('queued', 'running')) await this.#run(jobId, new AbortController().signal);
    const isUndisturbed = this.#halted === undefined;
    const { ctx, connection } = this.#agency;
    const request = {
      mode: sync.mode,
      entities: [],
      syncType: sync.mode,
      trigger: 'manual',
      triggeredBy: null,
    } as const;
    const { jobId } = await startSync(ctx, await connection(), request);
    await this.#begin('sync', sync, (signal) => this.#run(jobId, signal));
    if (this.#halted !== undefined || !isUndisturbed) return;
    const run = await this.#db
      .selectFrom('sync_progress')
      .selectAll()
      .where('sync_job_id', '=', jobId)
      .executeTakeFirstOrThrow();
    expect(run).toMatchObject({ status: 'succeeded', records_failed: 0 });
    expect(Number(run.records_created) + Number(run.records_updated) + Number(run.records_unchanged)).toBe(
      Number(run.records_read),
    );
    if (run.mode === 'full') this.#people.allRead();
    const { unheard, namesChanged: namesAside } = this.#people;
    await expectAgencyTruth(this.#simulator, await this.#agency.rows(), { unheard, namesAside });
  }

  async #run(jobId: string, signal: AbortSignal): Promise<void> {
    const { ctx, turn } = this.#agency;
    for (;;) {
      const verdict = await runEntity(ctx, { ...turn(jobId), signal });
      if (verdict.kind === 'hand-back') return;
      if (verdict.kind === 'done') break;
    }
    await finishJob(ctx, turn(jobId));
  }

  /** Begins a turn and lets it come to its end, or to the request at which it is to stand still. */
  async #begin(
    kind: Halted['kind'],
    { pause, stage }: { readonly pause: number | null; readonly stage: 'arrival' | 'answer' },
    turn: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const abort = new AbortController();
    if (pause === null || this.#halted !== undefined) return turn(abort.signal);
    const { holds } = this.#simulator;
    const hold = holds.add({ match: { after: pause, times: 1 }, stage });
    const over = new AbortController();
    const done = turn(abort.signal).finally(() => over.abort());
    const isHeld = holds.untilHeld(hold, 1, over.signal).then(
      () => true,
      () => false,
    );
    if (await Promise.race([isHeld, done.then(() => false)])) {
      this.#halted = { kind, hold, abort, done, leftSeconds: longestRequest };
      // What it comes to is seen when it goes on.
      done.catch(() => undefined);
      return;
    }
    holds.release({ id: hold });
    await done;
  }

  async #goOn(dies: boolean): Promise<void> {
    const halted = this.#halted;
    if (halted === undefined) return;
    this.#halted = undefined;
    if (dies) halted.abort.abort();
    this.#simulator.holds.release({ id: halted.hold });
    await halted.done;
  }

  async #expectSums(): Promise<void> {
    const { organizationId, id } = this.#agency;
    const [health] = await readWebhookHealth(this.#db, organizationId, [id]);
    const { rows: open } = await sql`select * from webhook_deliveries
      where connection_id = ${id} and (status <> 'done' or outcome = 'expired')`.execute(this.#db);
    // Where the vendor shows none of those that are stored, he is not believed about any.
    const { rows: strange } = await sql<{ error_code: string }>`select error_code from sync_failed_items
      where connection_id = ${id} and error_code <> 'UPSTREAM_GONE'`.execute(this.#db);
    const { rows: setbacks } = await sql`select what from client_setbacks where connection_id = ${id}`.execute(
      this.#db,
    );
    expect({ open, strange, setbacks }).toEqual({ open: [], strange: [], setbacks: [] });
    const { accepted, forged, events } = this.#posted;
    if (health === undefined) throw new Error('the connection has no subscription');
    expect(health).toMatchObject({ received: accepted, refused: forged, pending: 0, ignoredType: 0 });
    const { rows: ledger } = await sql`select distinct event_id from webhook_deliveries
      where connection_id = ${id}`.execute(this.#db);
    // Of a page that has left, only who has it is told.
    expect(ledger.length + health.ignoredSource + health.duplicates).toBe(accepted);
    expect(ledger.length).toBeLessThanOrEqual(events.size);
  }
}
