import { describe, expect, it } from 'vitest';
import { type ListHabits, ScriptedList, walkAll } from './testing/scripted-list.js';

const start = Date.parse('2025-06-01T00:00:00Z');
const numbered = (i: number) => `r${String(i).padStart(5, '0')}`;

function dice(seed: number): (sides: number) => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Ten a page, thirty records a second apart; `change` happens between the first page and the second. */
async function walkAcross(change: (list: ScriptedList) => void, timed = true, habits: ListHabits = {}) {
  const list = new ScriptedList(habits);
  for (let i = 0; i < 30; i += 1) list.put(numbered(i), timed ? { time: start + i * 1000 } : {});
  const before = list.ids;
  list.onQuery = (answered) => answered === 1 && change(list);
  const handed = new Set((await walkAll(list, { timed }, { pageSize: 10 })).flat());
  return { list, lost: before.filter((id) => list.ids.includes(id) && !handed.has(id)) };
}

describe('between two pages', () => {
  const later = start + 3_600_000;

  it.each([
    ['the last record of the page', [9]],
    ['the last three', [7, 8, 9]],
    ['more than remember the place', [5, 6, 7, 8, 9]],
    ['the whole page', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['some in front', [0, 3]],
    ['the next one', [10]],
  ])('%s may be edited or deleted, and nothing is lost', async (_what, which) => {
    for (const timed of [true, false]) {
      const edited = await walkAcross((list) => {
        for (const i of which) list.put(numbered(i), timed ? { time: later + i } : {});
      }, timed);
      expect(edited.lost).toEqual([]);
      const deleted = await walkAcross((list) => {
        for (const i of which) list.remove(numbered(i));
      }, timed);
      expect(deleted.lost).toEqual([]);
    }
  });

  it('everything may be deleted', async () => {
    for (const timed of [true, false]) {
      const { list } = await walkAcross((gone) => {
        for (const id of gone.ids) gone.remove(id);
      }, timed);
      expect(list.ids).toEqual([]);
    }
  });

  it.each([1, 8, 9, 10, 25])('%i records may be added in front', async (count) => {
    const { lost } = await walkAcross((list) => {
      for (let i = 0; i < count; i += 1) list.put(`a${numbered(i)}`);
    }, false);
    expect(lost).toEqual([]);
  });

  it('a record may get another name, and with it another place in a list that is ordered by names', async () => {
    const { lost } = await walkAcross((list) => list.put(numbered(9), { name: `${numbered(15)}x` }), false, {
      ignoresOrder: true,
    });
    expect(lost).toEqual([]);
  });
});

describe('while the list changes all the time', () => {
  const variants: [string, boolean, ListHabits][] = [
    ['by time', true, {}],
    ['by time, with an exclusive updated_since', true, { exclusiveSince: true }],
    ['by time, from a server that gives more than it is asked for', true, { leastRows: 9 }],
    ['by ids', false, {}],
    ['from a server that ignores $orderby', true, { ignoresOrder: true }],
    ['by ids, from a server that ignores paging', false, { ignoresTop: true, ignoresSkip: true }],
  ];

  it.each(variants)('no record that was there all along is lost: %s', async (_what, timed, habits) => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const { lost } = await walkDuringChanges(dice(seed), timed, habits);
      expect(lost, `seed ${seed}`).toEqual([]);
    }
  });
});

async function walkDuringChanges(roll: (sides: number) => number, timed: boolean, habits: ListHabits) {
  const list = new ScriptedList(habits);
  const pageSize = 2 + roll(9);
  const fresh = () => `${numbered(roll(1_000_000))}-${list.queries.length}-${list.ids.length}`;
  // Imports give many records one time, or neighbouring ones. A list by names shows itself by times that fall.
  const spread = 1 + roll(5) ** 5;
  const size = roll(60);
  for (let i = 0; i < size; i += 1) {
    if (!timed) list.put(fresh());
    else if (habits.ignoresOrder) list.put(fresh(), { time: start + i, name: numbered(size - i) });
    else list.put(fresh(), { time: start + roll(spread) });
  }
  const alive = new Set(list.ids);
  const busy = roll(6);
  let clock = start + Math.max(spread, size);
  list.onQuery = (answered) => {
    // Nothing before the first page, and at some time everybody goes home.
    const changes = answered === 0 || answered > 60 ? 0 : roll(busy + 1);
    for (let i = 0; i < changes; i += 1) {
      clock += roll(3);
      const victim = list.ids[roll(list.ids.length)];
      const kind = roll(3);
      if (victim === undefined || kind === 0) list.put(fresh(), timed ? { time: clock } : {});
      else if (kind === 1) list.touch(victim, clock);
      else {
        list.remove(victim);
        alive.delete(victim);
      }
    }
  };
  const handed = new Set((await walkAll(list, { timed }, { pageSize })).flat());
  return { lost: [...alive].filter((id) => !handed.has(id)) };
}
