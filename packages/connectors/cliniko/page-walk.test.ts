import { describe, expect, it } from 'vitest';
import { type ListHabits, ScriptedList, walkAll } from './testing/scripted-list.js';

const start = Date.parse('2025-06-01T00:00:00Z');
const second = 1_000;

/** So many records, a second and a half apart: some of them share a second, and the vendor knows better. */
function listOf(count: number, habits: ListHabits = {}): ScriptedList {
  const list = new ScriptedList(habits);
  for (let i = 0; i < count; i += 1) list.put(String(1_000 + i), start + i * 1.5 * second);
  return list;
}

const ids = (list: ScriptedList) => [...list.records.keys()];
const sorted = (pages: readonly string[][]) => pages.flat().sort();

describe('a list', () => {
  it('is read once and whole, by creation, and its hidden records with it', async () => {
    const list = listOf(250);
    const pages = await walkAll(list);
    expect(sorted(pages)).toEqual(ids(list));
    expect(pages.map((page) => page.length)).toEqual([100, 99, 51]);
    expect(list.queries.map(({ sort }) => sort)).toEqual(['created_at:asc', 'created_at:asc', 'created_at:asc']);
    for (const { filters } of list.queries) expect(filters).toContain('archived_at:*');
  });

  it('of which changes are wanted is read by change, the second of the watermark included', async () => {
    const list = listOf(250);
    const since = new Date(start + 150 * second + 700);
    const read = sorted(await walkAll(list, { since }));
    // The record of 150.0 s was changed before the watermark, in its second.
    expect(read).toEqual(ids(list).slice(100));
    expect(list.queries[0]).toEqual({
      filters: ['archived_at:*', 'updated_at:>=2025-06-01T00:02:30Z'],
      sort: 'updated_at:asc',
    });
  });

  it('of which a span is wanted ends with the second of its end, whatever fraction of it a change has', async () => {
    const list = listOf(250);
    // 1.5 s apart: 30.0, 31.5, 33.0 … 60.0 s.
    const span = { from: new Date(start + 30 * second), to: new Date(start + 61 * second) };
    expect(sorted(await walkAll(list, { span }))).toEqual(ids(list).slice(20, 42));
    const fraction = { from: new Date(start + 30 * second + 1), to: new Date(start + 60 * second + 999) };
    expect(sorted(await walkAll(list, { span: fraction }))).toEqual(ids(list).slice(21, 41));
  });

  it.each(['links', 'total'] as const)('is read to its end although answers have no %s', async (without) => {
    const list = listOf(250, { without });
    expect(sorted(await walkAll(list))).toEqual(ids(list));
  });

  it('is read to its end by a server that gives less than it was asked for, however little', async () => {
    for (const mostAPage of [1, 2, 7]) {
      const list = listOf(40, { mostAPage });
      const pages = await walkAll(list);
      expect(sorted(pages), `${mostAPage}`).toEqual(ids(list));
    }
  });

  it.each([1, 2, 3])('of one record a page is read once and whole: %i records', async (count) => {
    const list = listOf(count);
    expect(sorted(await walkAll(list, { pageSize: 1 }))).toEqual(ids(list));
  });

  it('that is empty is one page', async () => {
    expect(await walkAll(new ScriptedList())).toEqual([[]]);
  });
});

describe('a second that many records share', () => {
  /** An import: ids in no order, moments all over the second. */
  function imported(count: number): ScriptedList {
    const list = new ScriptedList();
    list.put('5', start - 10 * second);
    for (let i = 0; i < count; i += 1) {
      list.put(String(900_719_925_474_099_300n + BigInt((i * 7919) % 1_000)), start + ((i * 37) % 1_000));
    }
    list.put('7', start + 10 * second);
    return list;
  }

  it.each([99, 100, 101, 250, 401])('is read once and whole: %i records', async (count) => {
    for (const since of [undefined, new Date(start)]) {
      const list = imported(count);
      const read = (await walkAll(list, { since })).flat();
      const wanted = ids(list).filter((id) => since === undefined || id !== '5');
      expect(read.toSorted(), `${since}`).toEqual(wanted.toSorted());
    }
  });

  it('is read by ids, which are compared as numbers of any length', async () => {
    const list = imported(250);
    // As a text it would be behind all the others.
    list.put('95', start);
    const read = await walkAll(list);
    expect(sorted(read)).toEqual(ids(list).toSorted());
    const within = list.queries.filter(({ sort }) => sort === 'id:asc');
    expect(within.length).toBeGreaterThan(2);
    expect(within[0]?.filters).toEqual([
      ...['archived_at:*', 'created_at:>=2025-06-01T00:00:00Z', 'created_at:<2025-06-01T00:00:01Z', 'id:>0'],
    ]);
  });
});

describe('while a list is read', () => {
  it('an edit moves its record behind, and no other is missed', async () => {
    const list = listOf(350);
    list.onQuery = (answered) => {
      const victim = String(1_000 + answered * 60);
      const record = list.records.get(victim);
      if (record !== undefined) list.put(victim, record.createdMs, start + 10_000 * second + answered);
    };
    const read = (await walkAll(list, { since: new Date(start) })).flat();
    expect([...new Set(read)].sort()).toEqual(ids(list).toSorted());
  });

  it('a record that goes away takes no other with it', async () => {
    for (const since of [undefined, new Date(start)]) {
      const list = listOf(350);
      list.onQuery = (answered) => void list.records.delete(String(1_000 + answered * 90));
      const read = new Set((await walkAll(list, { since })).flat());
      expect(ids(list).filter((id) => !read.has(id))).toEqual([]);
    }
  });

  it('a page that comes empty by mistake is asked for again', async () => {
    for (const slipsAt of [1, 2]) {
      const list = listOf(250, { slipsAt });
      expect(sorted(await walkAll(list))).toEqual(ids(list));
      expect(list.queries).toHaveLength(4);
    }
  });
});

describe('a list that cannot be read to its end says so', () => {
  const failure = (list: ScriptedList) =>
    walkAll(list).then(
      () => 'nothing',
      (error: { code?: string; message?: string }) => `${error.code} ${error.message}`,
    );

  it('where the server does not keep the order', async () => {
    const list = new ScriptedList({ ignoresSort: true });
    for (let i = 0; i < 250; i += 1) list.put(String(1_000 + i), start - i * second);
    expect(await failure(list)).toMatch(/^UPSTREAM_BAD_BODY .*not in the order of created_at/);
    const within = new ScriptedList({ ignoresSort: true });
    for (let i = 0; i < 250; i += 1) within.put(String(9_000 - i), start);
    expect(await failure(within)).toMatch(/^UPSTREAM_BAD_BODY .*not in the order of id/);
  });

  it('but one short page needs no order', async () => {
    const list = new ScriptedList({ ignoresSort: true });
    for (let i = 0; i < 50; i += 1) list.put(String(1_000 + i), start - i * second);
    expect(sorted(await walkAll(list))).toEqual(ids(list));
  });
});
