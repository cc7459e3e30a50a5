import { practicePanther } from '@syncline/connectors';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Fate } from './actions.js';
import type { Ground } from './ground.js';
import { type Part, Play } from './play.js';
import { calmDown, drain, expectSound, sync } from './settle.js';
import { settleTown } from './town.js';
import { withHistory } from './with-history.js';

/** Who else is at work on the connection: a second worker with the same step, one with the last step, and so on. */
const roles = ['worker', 'worker', 'finisher', 'look', 'trigger', 'cancel', 'stop', 'restart'] as const;

/** Several who meet at one connection, which has a list of three pages to read. */
export interface Meeting {
  /** Steps of the first worker before the others come; 0: it has not begun, and neither has its job. */
  readonly before: number;
  /** What then becomes of the first worker. Halted it goes on with the others, as one of them. */
  readonly fate: Fate;
  /** BullMQ has taken the step away from it and delivers it anew. */
  readonly lapsed: boolean;
  readonly others: readonly (typeof roles)[number][];
  /** Whose turn it is, step by step; when this is over, the first goes on to the end, then the next. */
  readonly order: readonly number[];
}

/** A turn over three pages has some forty steps. */
export const longestTurn = 45;

const role = fc.constantFrom(...roles);
/** Most of all: a second worker with the step of the first, who is in the middle of it. */
export const meetings: fc.Arbitrary<Meeting> = fc.record({
  before: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 5, arbitrary: fc.integer({ min: 8, max: 40 }) }),
  fate: fc.constantFrom<Fate>('halt', 'halt', 'halt', 'halt', 'halt', 'die', 'cut', 'lose', 'stop'),
  lapsed: fc.boolean(),
  others: fc
    .tuple(fc.oneof(fc.constant('worker' as const), role), fc.array(role, { maxLength: 2 }))
    .map(([first, more]) => [first, ...more]),
  order: fc.array(fc.nat(5), { maxLength: 120, size: 'max' }),
});

/** Lets them meet in a new town. There is one live job at most, no zombie writes, and in the end nothing is missing. */
export async function meet(ground: Ground, { before, fate, lapsed, others, order }: Meeting): Promise<void> {
  const town = await settleTown(ground, { contacts: 10 });
  const play = new Play(town);
  await withHistory(town, async () => {
    const parts: Part[] = [];
    if (before > 0) {
      await play.proceed(play.trigger('full', ['accounts']), 0, 'run');
      const delivery = await town.carrier.next();
      if (delivery === undefined) throw new Error('the trigger has queued nothing');
      await play.proceed(play.turn(delivery.payload, delivery), before, fate);
      if (lapsed) await play.lapse();
      parts.push(...play.halted);
    }
    for (const role of others) {
      const part = await enter(play, role);
      if (part !== undefined) parts.push(part);
    }
    const turns = order.values();
    await town.stage.together(
      parts.map(({ actor }) => actor),
      (below) => (turns.next().value ?? 0) % Math.max(below, 1),
    );
    await expectSound(play);
    await calmDown(play);
    await drain(play);
    await sync(play, 'full', ['accounts']);
    await expectSound(play);
    await expectAccounts(play);
  });
}

/** A worker is halted where it is about to do the last of these; another one claims its run, and then it goes on. */
export async function takeOver(ground: Ground, places: readonly string[]): Promise<void> {
  const town = await settleTown(ground, { contacts: 10 });
  const play = new Play(town);
  await withHistory(town, async () => {
    await play.proceed(play.trigger('full', ['accounts']), 0, 'run');
    const workers: Part[] = [];
    for (const until of [places, ['GET accounts']]) {
      const delivery = await town.carrier.next();
      if (delivery === undefined) throw new Error('no queue holds the step');
      const worker = play.turn(delivery.payload, delivery);
      workers.push(worker);
      for (const place of until) await goUntil(play, worker, place);
      await delivery.lapse();
    }
    for (const worker of workers) await play.proceed(worker, 0, 'run');
    await expectSound(play);
    await drain(play);
    await expectAccounts(play);
  });
}

async function goUntil({ town }: Play, { actor }: Part, place: string): Promise<void> {
  do {
    if ((await town.stage.go(actor, 1)) === 'ended') throw new Error(`it has ended, and never came to: ${place}`);
  } while (actor.waiting[0]?.label !== place);
}

async function enter(play: Play, role: Meeting['others'][number]): Promise<Part | undefined> {
  switch (role) {
    case 'trigger':
      return play.trigger('full', ['accounts']);
    case 'look':
      return play.look();
    case 'stop':
      return play.stop();
    case 'restart':
      return play.restart();
    case 'cancel':
      return play.cancel();
    default: {
      const [syncJobId] = await play.liveJobs();
      if (syncJobId === undefined) return undefined;
      const { organizationId } = play;
      const payload = { v: 1, syncJobId, organizationId, connector: practicePanther.id } as const;
      return play.turn(role === 'finisher' ? payload : { ...payload, entity: 'accounts' });
    }
  }
}

/** The table of accounts is what the vendor has. */
async function expectAccounts({ town }: Play): Promise<void> {
  const { rows } = await sql<{ content: { id: string } }>`
    select pp_data as content from accounts order by pp_account_id collate "C"`.execute(town.bed.db);
  const records = town.simulator.store.records('accounts');
  records.sort((left, right) => (String(left['id']) < String(right['id']) ? -1 : 1));
  expect(rows.map(({ content }) => content)).toEqual(records);
}
