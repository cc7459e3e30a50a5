import { SyncError } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { walkPage } from './page-walk.js';
import { type ListHabits, ScriptedList, walkAll } from './testing/scripted-list.js';

const start = Date.parse('2025-06-01T00:00:00Z');
const noPost = () => Promise.reject(new Error('nothing is posted to this vendor'));
const numbered = (i: number) => `r${String(i).padStart(5, '0')}`;

/** Records named in the opposite order of their times. */
function listOf(count: number, habits: ListHabits = {}, timeOf = (i: number) => start + i * 1000): ScriptedList {
  const list = new ScriptedList(habits);
  for (let i = 0; i < count; i += 1) list.put(numbered(i), { time: timeOf(i), name: numbered(count - i) });
  return list;
}

function untimedListOf(count: number, habits: ListHabits = {}): ScriptedList {
  const list = new ScriptedList(habits);
  for (let i = 0; i < count; i += 1) list.put(numbered(i));
  return list;
}

const everyOne = (pages: string[][]) => [...new Set(pages.flat())].sort();

/** Every record is handed over; `once`: and none of them twice. */
async function expectWhole(list: ScriptedList, walked: Promise<string[][]>, once = true): Promise<void> {
  const pages = await walked;
  expect(everyOne(pages)).toEqual(list.ids.sort());
  if (once) expect(pages.flat()).toHaveLength(list.ids.length);
}

describe('an ordinary list', () => {
  it.each([0, 1, 99, 100, 101, 199, 200, 250, 1000])('of %i records is read once, a hundred a page', async (count) => {
    const list = listOf(count);
    await expectWhole(list, walkAll(list));
    // Every page but the first begins on the last record of the one before.
    expect(list.queries).toHaveLength(count < 100 ? 1 : 1 + Math.ceil((count - 99) / 99));
  });

  it('is asked for by time, in the order of time', async () => {
    const list = listOf(150);
    await walkAll(list);
    expect(list.queries).toEqual([
      { $top: 100, $orderby: 'updated_at asc' },
      { $top: 100, $orderby: 'updated_at asc', updated_since: '2025-06-01T00:01:38.999Z' },
    ]);
  });

  it('without times is asked for by offset, in the order of ids', async () => {
    const list = untimedListOf(150);
    await expectWhole(list, walkAll(list, { timed: false }));
    expect(list.queries).toEqual([
      { $top: 100, $orderby: 'id asc' },
      { $top: 100, $skip: 99, $orderby: 'id asc' },
    ]);
  });

  it('is read from the lower bound on, whether the vendor includes it or not', async () => {
    for (const exclusiveSince of [false, true]) {
      const list = listOf(250, { exclusiveSince });
      const pages = await walkAll(list, {}, { since: new Date(start + 40_000) });
      expect(everyOne(pages)).toEqual(list.ids.slice(exclusiveSince ? 41 : 40));
    }
  });

  it('tells the time that the vendor had when it answered', async () => {
    const { client } = listOf(1);
    const page = await walkPage({ path: 'things', timed: true, archivable: false }, at(client));
    expect(page.vendorTime).toEqual(new Date(1));
  });
});

describe('records of the very same time', () => {
  it.each([
    ['inclusive', false],
    ['exclusive', true],
  ])('all arrive across pages, with an %s updated_since', async (_what, exclusiveSince) => {
    const list = listOf(250, { exclusiveSince }, () => start);
    await expectWhole(list, walkAll(list));
  });

  it.each([2, 3, 7, 100])('all arrive in clusters of any size, with %i a page', async (pageSize) => {
    for (const cluster of [2, 3, 6, 7, 8, 99, 100, 101]) {
      const list = listOf(300, { exclusiveSince: cluster % 2 === 0 }, (i) => start + Math.floor(i / cluster));
      await expectWhole(list, walkAll(list, {}, { pageSize }));
    }
  });
});

describe('a server of its own mind', () => {
  it('that ignores $orderby is walked by offset', async () => {
    for (const count of [99, 100, 101, 350]) {
      const list = listOf(count, { ignoresOrder: true });
      await expectWhole(list, walkAll(list), false);
    }
  });

  it.each([1, 99, 100, 101, 250])('that answers everything at once is asked a few times at most: %i', async (count) => {
    const habits: ListHabits[] = [
      { ignoresTop: true, ignoresSkip: true },
      { ignoresTop: true, ignoresSkip: true, ignoresOrder: true },
      { ignoresTop: true, ignoresSkip: true, ignoresSince: true },
      { ignoresTop: true, ignoresSkip: true, ignoresOrder: true, ignoresSince: true },
    ];
    for (const habit of habits) {
      const timed = listOf(count, habit);
      await expectWhole(timed, walkAll(timed), false);
      expect(timed.queries.length).toBeLessThanOrEqual(4);
      const untimed = untimedListOf(count, habit);
      await expectWhole(untimed, walkAll(untimed, { timed: false }));
      expect(untimed.queries.length).toBeLessThanOrEqual(3);
    }
  });

  it('that answers everything at once may lose records meanwhile', async () => {
    for (const doomed of [5, 247, 249]) {
      const list = untimedListOf(250, { ignoresTop: true, ignoresSkip: true });
      list.onQuery = (answered) => answered === 1 && list.remove(numbered(doomed));
      await walkAll(list, { timed: false });
      expect(list.queries.length).toBeLessThanOrEqual(5);
    }
  });

  it('that answers everything at once is asked once more for what has changed meanwhile', async () => {
    const list = new ScriptedList({ ignoresTop: true, ignoresSkip: true, ignoresOrder: true });
    for (let i = 0; i < 150; i += 1) list.put(numbered(i), { time: start + ((i * 7) % 149) });
    list.put(numbered(150), { time: start + 1000 });
    list.onQuery = (answered) => answered === 1 && list.touch(numbered(0), start + 2000);
    const [first, ...later] = await walkAll(list);
    expect(first).toHaveLength(151);
    expect(later.flat()).toContain(numbered(0));
  });

  it.each<[string, ListHabits]>([
    ['more than was asked for', { leastRows: 25 }],
    ['no more than its cap', { ignoresTop: true, rowCap: 25 }],
  ])('that gives %s is read to the end', async (_what, habits) => {
    for (const count of [24, 25, 26, 49, 50, 120]) {
      const untimed = untimedListOf(count, habits);
      await expectWhole(untimed, walkAll(untimed, { timed: false }, { pageSize: 10 }));
      for (const cluster of [1, 5, 60]) {
        const timed = listOf(count, habits, (i) => start + Math.floor(i / cluster));
        await expectWhole(timed, walkAll(timed, {}, { pageSize: 10 }), false);
      }
    }
  });

  it('that ignores $skip is read by time as far as that goes', async () => {
    const list = listOf(350, { ignoresSkip: true }, (i) => start + Math.floor(i / 9));
    await expectWhole(list, walkAll(list));
  });

  it('that ignores $skip is never taken for complete where only $skip would lead on', async () => {
    const cycle = expect.objectContaining({ code: 'CURSOR_CYCLE' });
    await expect(walkAll(listOf(250, { ignoresSkip: true }, () => start))).rejects.toEqual(cycle);
    await expect(walkAll(untimedListOf(250, { ignoresSkip: true }), { timed: false })).rejects.toEqual(cycle);
    const whole = untimedListOf(100, { ignoresSkip: true });
    await expectWhole(whole, walkAll(whole, { timed: false }));
  });

  it.each([undefined, null, {}, 'text', { value: [] }])(
    'that answers no list is an error, not an empty list: %j',
    async (json) => {
      const client = { post: noPost, get: async () => ({ json, lossless: false, vendorTime: undefined }) };
      const error: unknown = await walkPage({ path: 'things', timed: true, archivable: false }, at(client)).catch(
        (e) => e,
      );
      expect(error).toBeInstanceOf(SyncError);
      expect(error).toMatchObject({ code: 'UPSTREAM_BAD_BODY', message: 'things: expected a JSON array of records' });
    },
  );
});

describe('records that are not as they should be', () => {
  it('do not stop the walk, nor get lost: no id, no time, no object', async () => {
    const fine = (i: number) => ({ id: numbered(i), updated_at: `2025-06-01T00:00:${10 + i}` });
    const odd = [
      { updated_at: '2025-06-01T00:00:13' },
      { id: 'late', updated_at: 'soon' },
      null,
      { notes: 1 },
      { notes: 2 },
    ];
    const records = [fine(0), fine(1), fine(2), ...odd, { notes: 3 }, fine(3), fine(4), { notes: 4 }, fine(5)];
    const client = {
      post: noPost,
      get: async (_url: string, query: Record<string, string | number | undefined> = {}) => {
        const skip = Number(query['$skip'] ?? 0);
        return { json: records.slice(skip, skip + Number(query['$top'])), lossless: false, vendorTime: undefined };
      },
    };
    for (const pageSize of [2, 3, 4, 5]) {
      const handed: unknown[] = [];
      let cursor: Readonly<Record<string, unknown>> | undefined;
      do {
        const request = { ...at(client), cursor, pageSize };
        const page = await walkPage({ path: 'things', timed: false, archivable: false }, request);
        handed.push(...page.records);
        cursor = page.next;
      } while (cursor !== undefined && handed.length < 100);
      expect(handed).toEqual(records);
    }
  });
});

describe('archived records', () => {
  const mixed = (habits: ListHabits, archived: boolean) => {
    const list = new ScriptedList(habits);
    for (let i = 0; i < 25; i += 1) {
      list.put(numbered(i), { time: start + i, status: archived && i % 3 === 0 ? 'Archived' : 'Open' });
    }
    return list;
  };

  it.each([true, false])('are asked for by name where a full walk met none (timed: %s)', async (timed) => {
    const list = mixed({ hidesArchived: true }, true);
    await expectWhole(list, walkAll(list, { timed, archivable: true }, { pageSize: 4 }));
    expect(list.queries.some(({ status }) => status === 'Archived')).toBe(true);
  });

  it('are not asked for once more where they are listed with the others', async () => {
    const list = mixed({}, true);
    await expectWhole(list, walkAll(list, { archivable: true }, { pageSize: 4 }));
    expect(list.queries.filter(({ status }) => status !== undefined)).toEqual([]);
  });

  it('cost one more request where there are none', async () => {
    const list = mixed({}, false);
    await expectWhole(list, walkAll(list, { archivable: true }));
    expect(list.queries.map(({ status }) => status)).toEqual([undefined, 'Archived']);
  });

  it('are not looked for in an incremental walk, nor in lists that know none', async () => {
    const list = mixed({}, false);
    await walkAll(list, { archivable: true }, { since: new Date(start) });
    await walkAll(list, { archivable: false });
    expect(list.queries).toHaveLength(2);
  });
});

function at(client: Parameters<typeof walkPage>[1]['client']) {
  return { client, cursor: undefined, since: undefined, pageSize: 100 };
}
