import { entityOf, mapRecord, parseJson } from '@syncline/connector-kit';
import { practicePanther } from '@syncline/connectors';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene, type Row, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
  scene = await createScene(bed);
});
afterAll(() => bed.close());

const id = 'm1';

/** Takes a matter from the vendor's very text into its row. `extra` is JSON: members beside the id. */
async function taken(extra: string): Promise<Row & { readonly text: string }> {
  const { value, lossless } = parseJson(`[{"id":"${id}",${extra}}]`);
  const records = (value as unknown[]).map((raw) => {
    const outcome = mapRecord(entityOf(practicePanther, 'matters').mapping, raw);
    if ('rejected' in outcome) throw new Error(outcome.rejected.message);
    return outcome.ok;
  });
  const { failed } = await scene.write('matters', records, { lossless });
  expect(failed).toBe(0);
  const { rows } = await sql<{ text: string }>`select pp_data::text as text from exchanges`.execute(bed.db);
  return { ...(await scene.rows('matters'))[id], text: rows[0]?.text ?? '' };
}

describe('the untouched record', () => {
  it('keeps the digits of numbers that no double holds', async () => {
    const { text } = await taken('"big":9007199254740993,"price":0.10000000000000000001,"huge":1e400,"tiny":-2E-400');
    expect(text).toContain('"big": 9007199254740993');
    expect(text).toContain('"price": 0.10000000000000000001');
    expect(text).toMatch(/"huge": 10{400}[,}]/);
    expect(text).toMatch(/"tiny": -0\.0{399}2[,}]/);
  });

  it('may hold a negative zero, which is zero to Postgres', async () => {
    expect((await taken('"zero":-0,"one":1e0')).text).toMatch(/"zero": -?0[,}]/);
  });

  it('keeps keys that mean something to JavaScript, and pollutes nothing', async () => {
    const { pp_data, text } = await taken('"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}');
    expect(text).toContain('"__proto__": {"admin": true}');
    expect(Object.keys(pp_data as object)).toContain('constructor');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('keeps keys of any make, and two thousand of them', async () => {
    const keys = ['a.b', 'say "what"', "it's", '$1', '', ' ', '😀', 'a\\b', 'line\nbreak'];
    for (let i = 0; i < 2_000; i += 1) keys.push(`key ${i}`);
    const extra = JSON.stringify(Object.fromEntries(keys.map((key, i) => [key, i])));
    const { pp_data } = await taken(extra.slice(1, -1));
    expect(pp_data).toEqual({ id, ...JSON.parse(extra) });
  });

  it('has text that Postgres cannot hold replaced, at any depth and in keys, and says where', async () => {
    const { pp_data, name, sync_flags } = await taken(
      '"name":"a\\u0000b","deep":[{"k\\ud800":"\\udfff"}],"fine":"\\\\u0000 \\ud83d\\ude00"',
    );
    expect(name).toBe('a\uFFFDb');
    expect(pp_data).toEqual({ id, name: 'a\uFFFDb', deep: [{ 'k\uFFFD': '\uFFFD' }], fine: '\\u0000 😀' });
    expect(sync_flags).toEqual([
      { field: 'name', code: 'TEXT_REPLACED' },
      { field: 'deep.0.k\uFFFD', code: 'TEXT_REPLACED' },
    ]);
  });
});

describe('a date that is none', () => {
  it.each(['0000-00-00', '+275760-09-13T00:00:00Z', '2016-12-31T23:59:60', 'soon', '2025-02-30'])(
    'leaves its column empty, with a flag, and not its record behind: %s',
    async (date) => {
      const row = await taken(`"open_date":"${date}","close_date":"2025-06-02T10:00:00"`);
      expect(row).toMatchObject({
        start_date: null,
        close_date: new Date('2025-06-02T10:00:00Z'),
        sync_flags: [{ field: 'open_date', code: 'BAD_DATE', value: date }],
      });
    },
  );

  it.each(['9999-12-31T23:59:59', '0001-01-01T00:00:00'])(
    'is not the last or the first that there is: %s',
    async (date) => {
      expect((await taken(`"open_date":"${date}"`))['start_date']).toEqual(new Date(`${date}Z`));
    },
  );

  it('does not make a change undatable: a record with a bad time of change is written over by any', async () => {
    await taken('"updated_at":"soon","name":"first"');
    expect(await taken('"updated_at":"2025-06-02T10:00:00","name":"second"')).toMatchObject({ name: 'second' });
  });
});
