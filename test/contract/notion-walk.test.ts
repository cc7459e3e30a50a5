import { entityOf, mapRecord, withSettings } from '@syncline/connector-kit';
import { notion } from '@syncline/connectors';
import { type Block, part, richText } from '@syncline/connectors/notion/simulator';
import { describe, expect, it } from 'vitest';
import { openNotion, valuesOf } from './notion-vendor.js';

const minute = 60_000;

describe('the walk through a database', () => {
  it('passes the vendor’s cap, however often', async () => {
    const { simulator, read, asked } = await openNotion({ clients: 700, quirks: { cap: 150 } });
    const { records, times } = await read();
    expect([...records.keys()].sort()).toEqual(simulator.store.ids().sort());
    expect([...times.values()].every((count) => count === 1)).toBe(true);
    expect(asked(/query$/)).toBeGreaterThan(7);
  });

  it('says so when a single minute has more pages than the vendor gives', async () => {
    const { simulator, read } = await openNotion({ clients: 200, quirks: { cap: 120 } });
    simulator.store.shareCreation(190, new Date('2025-01-01T00:00:10Z'));
    await expect(read()).rejects.toMatchObject({ code: 'CURSOR_CYCLE' });
  });

  it('loses nothing when the page that its cursor stands on is trashed', async () => {
    const { simulator, read } = await openNotion({ clients: 250 });
    const { store } = simulator;
    const { records } = await read({
      // What comes first in the next answer is what the cursor stands on: all that are not read yet, but a few.
      betweenPages: (page) => {
        if (page !== 1) return;
        const waiting = store
          .rows()
          .sort((a, b) => a.createdMs - b.createdMs)
          .slice(100, 140);
        for (const { id, inTrash } of waiting) if (!inTrash) store.trash(id);
      },
    });
    expect([...records.keys()].sort()).toEqual(store.ids().sort());
    expect(simulator.requests.entries.some(({ status }) => status === 400)).toBe(true);
  });

  it('goes on while pages are changed all the time, and gives up where no cursor is ever taken', async () => {
    const { simulator, read } = await openNotion({ clients: 400, quirks: { cursorsShortLived: true } });
    const { store } = simulator;
    const before = store.ids();
    const { records } = await read({ betweenPages: () => void store.mutate({ edits: 1, adds: 1 }) });
    expect(before.filter((id) => !records.has(id))).toEqual([]);

    store.shareCreation(store.ids().length, new Date('2025-01-01T00:00:00Z'));
    const endless = read({ betweenPages: () => void store.mutate({ edits: 1 }) });
    await expect(endless).rejects.toMatchObject({ code: 'UPSTREAM_BAD_BODY' });
  });

  it('takes a second change in the same minute, also when the first was read before (W3)', async () => {
    const { simulator, read } = await openNotion({ clients: 30 });
    const { store, clock } = simulator;
    clock.stop(true);
    clock.set(Math.floor(clock.nowMs() / minute) * minute + 5_000);
    const [id = ''] = store.ids();
    store.rename(id, 'First');
    const watermark = new Date(clock.nowMs());
    expect(valuesOf((await read({ since: watermark })).records.get(id))['name']).toBe('First');
    clock.advance(30);
    store.rename(id, 'Second');
    expect(valuesOf((await read({ since: watermark })).records.get(id))['name']).toBe('Second');
  });

  it.each([false, true])(
    'marks what is in the trash, and revives what was restored (trash has all: %s)',
    async (all) => {
      const { simulator, read } = await openNotion({ clients: 30, quirks: { trashedAlso: all } });
      const { store, clock } = simulator;
      const [id = ''] = store.ids();
      clock.advance(60);
      const since = new Date(clock.nowMs());
      store.trash(id);
      expect(valuesOf((await read({ since })).records.get(id))['trashed_at']).not.toBeNull();
      store.trash(id, false);
      expect(valuesOf((await read({ since })).records.get(id))['trashed_at']).toBeNull();
    },
  );

  it('is no list when the vendor says that there is more, and not where', async () => {
    const { simulator, read } = await openNotion({ clients: 30 });
    simulator.faults.add({ match: { path: 'query', times: 1 }, action: { body: '{"results":[],"has_more":true}' } });
    await expect(read()).rejects.toMatchObject({ code: 'UPSTREAM_BAD_BODY' });
  });

  it('leaves pages that the integration may not read to the schema, which says so', async () => {
    const { read } = await openNotion({ clients: 30, quirks: { partial: true } });
    const { records } = await read();
    expect([...records.values()].every((outcome) => 'rejected' in outcome)).toBe(true);
  });
});

describe('a value that does not fit into a page', () => {
  it('is asked for by itself: relations, people and texts beyond 25', async () => {
    const { simulator, read, one, asked } = await openNotion({ clients: 5 });
    const { store } = simulator;
    const [id = ''] = store.ids();
    const relations = Array.from({ length: 130 }, (_, i) => ({ id: `relation ${i}` }));
    const people = Array.from({ length: 26 }, (_, i) => ({ object: 'user', id: `user ${i}` }));
    const words = Array.from({ length: 60 }, (_, i) => `word ${i} `);
    store.set(id, 'Projects', relations);
    store.set(id, 'Team', people);
    store.set(id, 'Notes', richText(...words));
    store.set(id, 'Client Name', words.map(part));
    for (const outcome of [(await read()).records.get(id), await one(id)]) {
      const values = valuesOf(outcome);
      expect(values['name']).toBe(words.join(''));
      expect(values['properties']).toMatchObject({
        Projects: { relation: relations, has_more: false },
        Team: { people },
        Notes: { rich_text: words.map(part) },
      });
    }
    // Two answers for 130 relations, one for each of the others; and that twice.
    expect(asked(/properties/)).toBe(10);
  });
});

describe('a value that the vendor does not hand over', () => {
  it.each([403, 404])('is as long as it is in the page, and said of its column and of no other: %d', async (status) => {
    const { simulator, read, one } = await openNotion({ clients: 3 }, { pageBodies: 'always' });
    const { store, faults } = simulator;
    const [id = '', other = ''] = store.ids();
    const words = Array.from({ length: 30 }, (_, i) => `word ${i} `);
    for (const each of [id, other]) store.set(each, 'Client Name', words.map(part));
    store.set(
      id,
      'Team',
      words.map((word) => ({ object: 'user', id: word })),
    );
    const fault = faults.add({ match: { path: `pages/${id}/properties` }, action: { status } });
    const { records } = await read();
    for (const outcome of [records.get(id), await one(id)]) {
      const flags = outcome !== undefined && 'ok' in outcome ? outcome.ok.flags : [];
      expect(flags[0]).toEqual({ field: 'name', code: 'UNREADABLE', value: 'UPSTREAM_REJECTED' });
      expect([...new Set(flags.map(({ field }) => field))]).toEqual(['name', 'properties']);
      const values = valuesOf(outcome);
      expect(values['name']).toBe(words.slice(0, 25).join(''));
      expect(values['client_page_info']).toEqual(expect.any(String));
      expect(JSON.stringify(outcome)).not.toContain('property_errors');
    }
    expect(faults.hits(fault)).toBeGreaterThan(3);
    expect(records.get(other)).toMatchObject({ ok: { flags: [], values: { name: words.join('') } } });
  });

  it('is no reason to take the page for gone: its text neither', async () => {
    const { simulator, one } = await openNotion({ clients: 2 }, { pageBodies: 'always' });
    const [id = ''] = simulator.store.ids();
    simulator.faults.add({ match: { path: `blocks/${id}` }, action: { status: 404 } });
    expect(await one(id)).toMatchObject({ ok: { flags: [{ field: 'client_page_info', code: 'UNREADABLE' }] } });
  });
});

describe('the text of a page', () => {
  it('is that of its blocks, with those within others, however many', async () => {
    const { simulator, read, one } = await openNotion({ clients: 3 }, { pageBodies: 'always' });
    const { store } = simulator;
    const [id = '', bare = ''] = store.ids();
    const block = (end: string, type: string, text: string, children: Block[] = []): Block => {
      return { id: `00000000-0000-4000-8000-0000000${end}`, type, text, children };
    };
    const many = Array.from({ length: 120 }, (_, i) =>
      block(`1${String(i).padStart(4, '0')}`, 'paragraph', `line ${i}`),
    );
    const nested = block('20000', 'toggle', 'Goals', [
      block('20001', 'to_do', 'New site', [block('20002', 'paragraph', 'by May')]),
      block('20003', 'child_page', 'Another page', [block('20004', 'paragraph', 'not of this page')]),
    ]);
    store.setBlocks(id, [...many, nested]);
    store.setBlocks(bare, []);
    const expected = [...many.map(({ text }) => text), 'Goals', '  New site', '    by May', '  Another page'].join(
      '\n',
    );
    const { records } = await read();
    expect(valuesOf(records.get(id))['client_page_info']).toBe(expected);
    expect(valuesOf(records.get(bare))['client_page_info']).toBe('');
    expect(valuesOf(await one(id))['client_page_info']).toBe(expected);
  });

  it('that the vendor does not hand over is that page’s problem', async () => {
    const { simulator, read } = await openNotion({ clients: 8 }, { pageBodies: 'always' });
    const [id = ''] = simulator.store.ids();
    for (const status of [403, 500]) {
      simulator.faults.clear();
      const fault = simulator.faults.add({ match: { path: `blocks/${id}` }, action: { status } });
      const { records } = await read();
      expect(simulator.faults.hits(fault)).toBeGreaterThan(0);
      expect(records.size).toBe(8);
      expect(records.get(id)).toMatchObject({ ok: { flags: [{ field: 'client_page_info', code: 'UNREADABLE' }] } });
    }
  });

  it('goes on where the vendor stopped answering, without asking again for what was read', async () => {
    const { simulator, client, asked } = await openNotion({ clients: 12 }, { pageBodies: 'always' });
    const { store, faults } = simulator;
    const settings = notion.settings.parse({
      databaseId: simulator.databaseId,
      database: {
        databaseId: simulator.databaseId,
        dataSourceId: store.agency.sources[0]?.id,
        properties: {
          name: null,
          contact_email: null,
          products_services: null,
          status: null,
        },
        drift: [],
      },
    });
    const entity = withSettings(entityOf(notion, 'clients'), settings);
    faults.add({ match: { path: 'blocks/', after: 6 }, action: { status: 401 } });
    const first = await entity.fetchPage({ client, cursor: undefined, since: undefined, pageSize: 100 });
    faults.clear();
    const second = await entity.fetchPage({ client, cursor: first.next, since: undefined, pageSize: 100 });
    const ids = [...first.records, ...second.records].map((record) => {
      const outcome = mapRecord(entity.mapping, record);
      return 'ok' in outcome ? outcome.ok.key : '';
    });
    expect(first.records.length).toBeGreaterThan(0);
    expect(second.records.length).toBeGreaterThan(0);
    expect(ids.toSorted()).toEqual(store.ids().sort());
    const whole = await entity.fetchPage({ client, cursor: undefined, since: undefined, pageSize: 100 });
    expect(whole.records).toHaveLength(12);
    expect(asked(/query$/)).toBe(3);
  });
});

describe('one page by its id', () => {
  it('is not there once it is in another database, or not shared any more', async () => {
    const { simulator, one } = await openNotion({ clients: 6, dataSources: 2 });
    const { store } = simulator;
    const [moved = '', hidden = '', kept = ''] = store.ids();
    store.move(moved, store.agency.sources[1]?.id ?? '');
    store.share(hidden, false);
    for (const id of [moved, hidden]) {
      await expect(one(id)).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', details: { status: 404 } });
    }
    expect(await one(kept.replaceAll('-', ''))).toMatchObject({ ok: { key: kept } });
  });
});
