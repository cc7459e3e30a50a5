import { defineEntity, type Entity, type Page, type PageRequest, type VendorClient } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ReadOptions, type ReadPage, readPages } from './read-pages.js';

function entityWith(fetchPage: (request: PageRequest) => Promise<Page>): Entity {
  return defineEntity({
    name: 'orders',
    dependsOn: [],
    table: { name: 'orders', key: 'vendor_id', raw: 'raw', columns: { name: 'text' } },
    mapping: {
      schema: z.object({ id: z.string(), name: z.string().nullish() }),
      key: (record) => record.id,
      map: (record) => ({ name: record.name }),
    },
    fetchPage,
  });
}

const client: VendorClient = {
  post: () => Promise.reject(new Error('nothing is posted to this vendor')),
  get: async () => ({ json: null, lossless: false, vendorTime: undefined }),
};
const options = (over: Partial<ReadOptions> = {}): ReadOptions => ({
  client,
  now: () => new Date(0),
  cursor: undefined,
  since: undefined,
  pageSize: 10,
  maxPages: Number.POSITIVE_INFINITY,
  ...over,
});
const pageOf = (records: unknown[], next?: Record<string, unknown>): Page => ({
  records,
  next,
  lossless: false,
  vendorTime: undefined,
});

/** A list whose page n leads to `leadsTo(n)`; page 0 is the first. */
function list(leadsTo: (page: number) => number | undefined) {
  const asked: number[] = [];
  const entity = entityWith(async ({ cursor }) => {
    const page = Number(cursor?.['page'] ?? 0);
    asked.push(page);
    const next = leadsTo(page);
    return pageOf([{ id: `r${page}` }], next === undefined ? undefined : { page: next });
  });
  return { asked, entity };
}

async function readAll(entity: Entity, over?: Partial<ReadOptions>): Promise<ReadPage[]> {
  const pages: ReadPage[] = [];
  for await (const page of readPages(entity, options(over))) {
    pages.push(page);
    if (pages.length > 500) throw new Error('it does not end');
  }
  return pages;
}

describe('pages', () => {
  it('are read to the last one', async () => {
    const { asked, entity } = list((page) => (page < 4 ? page + 1 : undefined));
    const pages = await readAll(entity);
    expect(asked).toEqual([0, 1, 2, 3, 4]);
    expect(pages.map(({ next }) => next)).toEqual([{ page: 1 }, { page: 2 }, { page: 3 }, { page: 4 }, undefined]);
    expect(pages.flatMap(({ records }) => records.map(({ key }) => key))).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  });

  it('are read on from a checkpoint, with what the run was planned with', async () => {
    const requests: PageRequest[] = [];
    const entity = entityWith(async (request) => {
      requests.push(request);
      return pageOf([]);
    });
    const since = new Date(0);
    await readAll(entity, { cursor: { page: 3 }, since, pageSize: 50 });
    expect(requests).toEqual([{ client, cursor: { page: 3 }, since, pageSize: 50 }]);
  });

  it('are no more than the cap, and none is asked for beyond it', async () => {
    const { asked, entity } = list((page) => page + 1);
    const pages = await readAll(entity, { maxPages: 3 });
    expect(asked).toEqual([0, 1, 2]);
    expect(pages.at(-1)?.next).toEqual({ page: 3 });
  });

  it('are no more than were wanted, and none is asked for beyond', async () => {
    const { asked, entity } = list((page) => page + 1);
    const pages = await readAll(entity, { isEnough: async () => asked.length >= 3 });
    expect(asked).toEqual([0, 1, 2]);
    expect(pages.map(({ next }) => next)).toEqual([{ page: 1 }, { page: 2 }, { page: 3 }]);
  });

  it('part records from those that cannot be used', async () => {
    const vendorTime = new Date(5);
    const answer = {
      ...pageOf([{ id: 'a', name: 'A' }, { id: 'b', name: 7 }, null, { id: 'c' }]),
      vendorTime,
      lossless: true,
    };
    const [page] = await readAll(entityWith(async () => answer));
    expect(page).toMatchObject({ lossless: true, vendorTime, next: undefined });
    expect(page?.records.map(({ key }) => key)).toEqual(['a', 'c']);
    expect(page?.rejected.map(({ key }) => key)).toEqual(['b', undefined]);
  });

  it('that were read before an error are handed over first', async () => {
    const entity = entityWith(async ({ cursor }) => {
      if (cursor !== undefined) throw new Error('the second page is broken');
      return pageOf([{ id: 'a' }], { page: 1 });
    });
    const seen: ReadPage[] = [];
    const reading = (async () => {
      for await (const page of readPages(entity, options())) seen.push(page);
    })();
    await expect(reading).rejects.toThrow('the second page is broken');
    expect(seen).toHaveLength(1);
  });

  it('know as of when they were asked for, which is before the one before them is written', async () => {
    let time = 0;
    const now = () => new Date(time);
    const { entity } = list((page) => (page < 2 ? page + 1 : undefined));
    const slow = entityWith(async (request) => {
      time += 10;
      return entity.fetchPage(request);
    });
    const pages: ReadPage[] = [];
    for await (const page of readPages(slow, options({ now }))) {
      time += 100;
      pages.push(page);
    }
    expect(pages.map(({ asOf }) => asOf.getTime())).toEqual([0, 10, 120]);
  });

  it('that nobody waits for any more may fail unheard', async () => {
    const entity = entityWith(async ({ cursor }) => {
      if (cursor !== undefined) throw new Error('nobody hears this');
      return pageOf([], { page: 1 });
    });
    for await (const _ of readPages(entity, options())) break;
    await new Promise(setImmediate);
  });
});

describe('a page of which nearly nothing can be used', () => {
  const page = (good: number, bad: number) => [
    ...Array.from({ length: bad }, (_, i) => ({ id: `bad${i}`, name: ['S3CRET'] })),
    ...Array.from({ length: good }, (_, i) => ({ id: `good${i}`, name: 'fine' })),
  ];

  it('ends the reading; the pages before it are handed over', async () => {
    const entity = entityWith(async ({ cursor }) =>
      cursor === undefined ? pageOf([{ id: 'a' }], { page: 1 }) : pageOf(page(1, 99), { page: 2 }),
    );
    const seen: ReadPage[] = [];
    const reading = (async () => {
      for await (const each of readPages(entity, options({ pagesBefore: 4 }))) seen.push(each);
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'UPSTREAM_SCHEMA',
      message:
        'orders, page 6: 99 of 100 records have another shape; the first: name: Invalid input: expected string, received array',
    });
    expect(seen.map(({ records }) => records.map(({ key }) => key))).toEqual([['a']]);
  });

  it.each([
    ['ten of ten', 0, 10, true],
    ['nine in ten', 10, 90, true],
    ['a record less', 11, 89, false],
    ['nine, and no more', 0, 9, false],
  ])('is one with at least ten bad records, and nine in ten: %s', async (_what, good, bad, stops) => {
    const reading = readAll(entityWith(async () => pageOf(page(good, bad))));
    if (stops) await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_SCHEMA' });
    else expect((await reading)[0]?.rejected).toHaveLength(bad);
  });
});

describe('a vendor that leads in circles', () => {
  it.each([
    ['to the same page again', (page: number) => (page < 3 ? page + 1 : 3)],
    ['to and fro', (page: number) => (page < 1 ? 1 : page === 1 ? 2 : 1)],
    ['round a circle of seven', (page: number) => (page < 20 ? page + 1 : 14)],
    ['back to where it all began', (page: number) => (page < 30 ? page + 1 : 0)],
  ])('is found out: %s', async (_what, leadsTo) => {
    const { asked, entity } = list(leadsTo);
    await expect(readAll(entity)).rejects.toMatchObject({ code: 'CURSOR_CYCLE' });
    // Every page was read before, and not many more than once round.
    expect(asked.length).toBeLessThan(4 * new Set(asked).size + 4);
  });

  it('is not suspected for a long list', async () => {
    const { entity } = list((page) => (page < 400 ? page + 1 : undefined));
    expect(await readAll(entity)).toHaveLength(401);
  });
});

describe('a page that has all there is of a part', () => {
  const june = { month: 'June' };
  const wholeOf = async (records: unknown[]) => {
    const entity = entityWith(async () => ({ ...pageOf(records), partitions: [june] }));
    return (await readAll(entity))[0]?.whole;
  };

  it('has the ids of its broken records, too', async () => {
    const broken = { id: 'b', name: 7 };
    expect(await wholeOf([{ id: 'a' }, broken])).toEqual({
      partitions: [june],
      vendorIds: ['a', 'b'],
      asOf: new Date(0),
    });
  });

  it('says nothing about it where a record has no id that can be read: it could be any', async () => {
    expect(await wholeOf([{ id: 'a' }, { name: 7 }])).toBeUndefined();
  });
});

it('records that come along are mapped by their own entity', async () => {
  const lines: Entity = { ...entityWith(async () => pageOf([])), name: 'lines' };
  const orders = entityWith(async () => ({
    ...pageOf([{ id: 'o' }]),
    along: { lines: [{ id: 'l' }, { id: 'm', name: 7 }] },
  }));
  const [page] = await readAll(orders, { brought: [lines] });
  expect(page?.along).toMatchObject([{ entity: 'lines', records: [{ key: 'l' }], rejected: [{ key: 'm' }] }]);
  expect(page?.records.map(({ key }) => key)).toEqual(['o']);
});
