import { describe, expect, it } from 'vitest';
import { type ListHabits, ScriptedList, walkAll } from './testing/scripted-list.js';

const start = Date.parse('2025-06-01T00:00:00Z');
const at = (second: number) => start + second * 1000;
const numbered = (i: number) => `r${String(i).padStart(3, '0')}`;
const spanOf = (from: number, to?: number) => ({
  from: new Date(at(from)),
  to: to === undefined ? undefined : new Date(at(to)),
});

/** Records a second apart, unless `times` says otherwise. */
function listOf(times: readonly number[], habits: ListHabits = {}): ScriptedList {
  const list = new ScriptedList(habits);
  for (const [i, second] of times.entries()) list.put(numbered(i), { time: at(second), name: numbered(i) });
  return list;
}
const seconds = (count: number) => Array.from({ length: count }, (_, i) => i);
const within = (times: readonly number[], from: number, to = Number.POSITIVE_INFINITY) =>
  times.flatMap((second, i) => (second >= from && second <= to ? [numbered(i)] : []));
/** Ids in order, each once: a walk may hand a record over twice. */
const walk = async (list: ScriptedList, span: ReturnType<typeof spanOf>) =>
  [...new Set((await walkAll(list, {}, { span, pageSize: 10 })).flat())].sort();

const habits: [string, ListHabits][] = [
  ['as documented', {}],
  ['whose updated_since leaves its bound out', { exclusiveSince: true }],
  ['that ignores $orderby', { ignoresOrder: true }],
  ['that answers everything at once', { ignoresTop: true, ignoresSkip: true, ignoresOrder: true }],
  [
    'that answers everything at once, and ignores updated_since',
    { ignoresTop: true, ignoresSkip: true, ignoresSince: true },
  ],
  ['that gives more than it is asked for', { leastRows: 13 }],
];

describe.each(habits)('of a server %s', (_what, habit) => {
  it('a span brings what changed in it, both ends included, and nothing else', async () => {
    for (const [from, to] of [
      [5, 24],
      [10, 19],
      [0, 0],
      [9, 10],
      [39, 60],
    ] as const) {
      expect(await walk(listOf(seconds(40), habit), spanOf(from, to))).toEqual(within(seconds(40), from, to));
    }
  });

  it('a span without an end brings all that changed since', async () => {
    expect(await walk(listOf(seconds(40), habit), spanOf(17))).toEqual(within(seconds(40), 17));
  });

  it('records of one and the same time at either end all come, also across pages', async () => {
    const times = [
      ...seconds(8),
      ...Array(25).fill(10),
      ...seconds(12).map((i) => 11 + i),
      ...Array(25).fill(30),
      31,
      32,
    ];
    expect(await walk(listOf(times, habit), spanOf(10, 30))).toEqual(within(times, 10, 30));
  });

  it('times in any order of names make no difference', async () => {
    const times = seconds(60).map((i) => (i * 37) % 60);
    expect(await walk(listOf(times, habit), spanOf(20, 40))).toEqual(within(times, 20, 40));
  });
});

it('behind the span nothing is read', async () => {
  const list = listOf(seconds(1_000));
  await walk(list, spanOf(0, 14));
  expect(list.queries.map((query) => query['updated_since'])).toEqual([
    '2025-05-31T23:59:59.999Z',
    '2025-06-01T00:00:08.999Z',
  ]);
});

it('a page that ends at the very end of the span is not the last', async () => {
  const list = listOf([...seconds(9), 9, 9, 9, 10]);
  expect(await walk(list, spanOf(0, 9))).toEqual(within([...seconds(9), 9, 9, 9], 0));
});

it('a record without a readable time is handed over, to be its own problem', async () => {
  const list = listOf(seconds(5), { ignoresSince: true });
  list.put('odd');
  expect(await walk(list, spanOf(2, 3))).toEqual(['odd', 'r002', 'r003']);
});
