import type { SimulatorOptions } from '@syncline/connectors/practicepanther/simulator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { explore, patience } from '../model/explore.js';
import { breakGround, type Ground } from '../model/ground.js';
import { live } from '../model/life.js';
import { lives } from '../model/lives.js';
import { longestTurn, meet, meetings } from '../model/meeting.js';

// The long form of test/model: hazards V1 and V2.

let ground: Ground;
beforeAll(async () => {
  ground = await breakGround();
});
afterAll(() => ground.close());

/** How long each test looks for a failure. */
const seconds = Number(process.env['SOAK_SECONDS'] ?? 180);

/** What is undocumented or disputed about the vendor; the connector promises to do without. */
const quirks: fc.Arbitrary<NonNullable<SimulatorOptions['quirks']>> = fc.record({
  exclusiveSince: fc.boolean(),
  archivedHidden: fc.boolean(),
  contactsWithoutStatus: fc.boolean(),
});

describe('a town', () => {
  it(
    'converges after a long life with a vendor of any kind',
    () =>
      explore(seconds, fc.record({ actions: lives(120), quirks }), async ({ actions, quirks: kind }) => {
        await live(ground, actions, kind);
      }),
    patience(seconds),
  );

  it(
    'stands whoever meets at its connection',
    () => explore(seconds, meetings, (meeting) => meet(ground, meeting)),
    patience(seconds),
  );

  const interruptions = ['die', 'cut', 'lose', 'stop', 'yield'] as const;
  it.each(interruptions)('stands a turn that is interrupted at each of its steps: %s', async (fate) => {
    for (let before = 1; before <= longestTurn; before += 1) {
      await meet(ground, { before, fate, lapsed: true, others: ['worker'], order: [] });
    }
  });

  // Of its successor: begun, claimed, asked for a page, about to write it, through.
  it.each([5, 10, 13, 18, 22, 60])('stands one halted at each step, whose successor then does %i', async (steps) => {
    for (let before = 1; before <= longestTurn; before += 1) {
      await meet(ground, { before, fate: 'halt', lapsed: true, others: ['worker'], order: Array(steps).fill(1) });
    }
  });
});
