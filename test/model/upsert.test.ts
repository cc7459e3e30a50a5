import { commitPages } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene, marks, page, record, type Scene } from '../store/scene.js';
import { explore, patience } from './explore.js';
import { violations, watchWrites } from './witness.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
  await watchWrites(bed.db);
});
afterAll(() => bed.close());

/** A version of a matter as it arrives: changed in that hour; null where the vendor gives no times. */
interface Version {
  readonly key: string;
  readonly hour: number | null;
}

interface Row {
  readonly name: string;
  readonly hour: number | null;
  readonly deleted: boolean;
}

/**
 * What the table has to be: each version replaces another, unless that one is newer or, being of the same time, was asked
 * for later, and brings a deleted row back.
 */
class Ledger {
  readonly #rows = new Map<string, Row>();
  readonly #asked = new Map<string, number>();
  /** Keys that the page at hand has taken: what it has of one record is all of one moment. */
  #taken = new Set<string>();

  turnPage(): void {
    this.#taken = new Set();
  }

  take({ key, hour }: Version, name: string, asked: number): void {
    const row = this.#rows.get(key);
    const known = this.#asked.get(key) ?? asked;
    const older = row !== undefined && row.hour !== null && hour !== null && hour < row.hour;
    const stale = row !== undefined && row.hour !== null && hour === row.hour && asked < known && !this.#taken.has(key);
    if (older || stale) return;
    this.#taken.add(key);
    // What is the same is not written: it stays as of when it was.
    const same = row !== undefined && row.name === name && row.hour === hour && !row.deleted;
    if (!same) this.#asked.set(key, Math.max(asked, known));
    this.#rows.set(key, { name, hour, deleted: false });
  }

  delete(key: string): void {
    const row = this.#rows.get(key);
    if (row !== undefined) this.#rows.set(key, { ...row, deleted: true });
  }

  get rows(): Record<string, Row> {
    return Object.fromEntries(this.#rows);
  }
}

async function rowsOf(scene: Scene): Promise<Record<string, Row>> {
  const rows = Object.entries(await scene.rows('matters')).map(([key, row]): [string, Row] => {
    const time = row['source_updated_at'] as Date | null;
    return [key, { name: String(row['name']), hour: time?.getUTCHours() ?? null, deleted: row['deleted_at'] !== null }];
  });
  return Object.fromEntries(rows);
}

const dawn = Date.parse('2025-06-02T00:00:00.000Z');
const timeOf = (hour: number | null) => (hour === null ? null : `2025-06-02T0${hour}:00:00.000Z`);

/** Writes pages of a run, each version under the name it is given. */
async function writer(scene: Scene) {
  const run = await scene.claim('matters');
  let pages = 0;
  return async (versions: readonly Version[], names: readonly string[], asked = 0, firstLoad = false) => {
    const records = versions.map(({ key, hour }, i) => record(key, { name: names[i] }, timeOf(hour)));
    const batch = { ...page(records, pages), asOf: new Date(dawn + asked) };
    const counts = await commitPages(bed.db, scene.target('matters', firstLoad), run, batch);
    pages += 1;
    expect(counts.created + counts.updated + counts.unchanged + counts.failed).toBe(records.length);
    return counts;
  };
}

const seconds = 3;
const key = fc.constantFrom('a', 'b', 'c');
const hour = fc.nat(4);

describe('versions of records', () => {
  /** A record has times or it has none. */
  const version = fc.oneof(
    { weight: 5, arbitrary: fc.record({ key, hour }) },
    { weight: 1, arbitrary: fc.record({ key: fc.constant('timeless'), hour: fc.constant(null) }) },
  );
  const written = fc.record({
    page: fc.array(version, { minLength: 1, maxLength: 5 }),
    /** Milliseconds: whoever asks first need not write first. */
    asked: fc.nat(3),
    firstLoad: fc.boolean(),
  });
  const deleted = fc.record({ deleted: key });
  const history = fc.array(fc.oneof({ weight: 5, arbitrary: written }, { weight: 1, arbitrary: deleted }), {
    minLength: 1,
    maxLength: 12,
  });

  it(
    'end as the newest that came, of the same time the last that was asked for or came, however they share pages',
    () =>
      explore(seconds, history, async (events) => {
        const scene = await createScene(bed);
        const write = await writer(scene);
        const ledger = new Ledger();
        for (const [i, event] of events.entries()) {
          if ('deleted' in event) {
            ledger.delete(event.deleted);
            await sql`update exchanges set deleted_at = now()
              where connection_id = ${scene.connection.id} and pp_matter_id = ${event.deleted}`.execute(bed.db);
          } else {
            const names = event.page.map((_, place) => `version ${i} ${place}`);
            ledger.turnPage();
            for (const [place, one] of event.page.entries()) ledger.take(one, names[place] ?? '', event.asked);
            await write(event.page, names, event.asked, event.firstLoad);
          }
        }
        expect(await rowsOf(scene)).toEqual(ledger.rows);
      }),
    patience(seconds),
  );

  /** Each version at least once, in any order, cut into pages anywhere. */
  const arrivals = fc
    .uniqueArray(fc.record({ key, hour }), { minLength: 1, maxLength: 9, selector: (one) => `${one.key}${one.hour}` })
    .chain((versions) =>
      fc.record({
        versions: fc.constant(versions),
        again: fc.array(fc.nat(versions.length - 1), { maxLength: 5 }),
        places: fc.array(fc.nat(1_000), { minLength: versions.length + 5, maxLength: versions.length + 5 }),
        pageSize: fc.integer({ min: 1, max: 6 }),
      }),
    )
    .map(({ versions, again, places, pageSize }) => {
      const order = [...versions, ...again.flatMap((i) => versions[i] ?? [])]
        .map((one, i) => ({ one, place: places[i] ?? 0 }))
        .sort((left, right) => left.place - right.place)
        .map(({ one }) => one);
      const cuts = Array.from({ length: Math.ceil(order.length / pageSize) }, (_, i) => i * pageSize);
      return { versions, pages: cuts.map((from) => order.slice(from, from + pageSize)) };
    });

  it(
    'end the same in any order and any pages, and what comes again writes nothing',
    () =>
      explore(seconds, arrivals, async ({ versions, pages }) => {
        const scene = await createScene(bed);
        const write = await writer(scene);
        const nameOf = (one: Version) => `${one.key} as of ${one.hour}`;
        const ledger = new Ledger();
        for (const one of versions) ledger.take(one, nameOf(one), 0);
        let created = 0;
        for (const some of pages) created += (await write(some, some.map(nameOf))).created;
        expect(await rowsOf(scene)).toEqual(ledger.rows);
        expect(created).toBe(Object.keys(ledger.rows).length);
        const before = marks(await scene.rows('matters'));
        for (const some of pages.toReversed()) {
          expect(await write(some, some.map(nameOf))).toMatchObject({ created: 0, updated: 0, failed: 0 });
        }
        expect(marks(await scene.rows('matters'))).toEqual(before);
      }),
    patience(seconds),
  );

  it('have made no row older, rewritten none as it was, and come without their checkpoint nowhere', async () => {
    expect(await violations(bed.db)).toEqual([]);
  });
});
