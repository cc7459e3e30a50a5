import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseJson } from '../json/lossless.js';
import { instant, optionalDecimal, wordMap } from './fields.js';
import { mapRecord, type RecordMapping } from './map-record.js';

const colour = wordMap({ red: 'RED' });
const schema = z.object({
  id: z.string().min(1),
  price: optionalDecimal,
  colour: z.string().nullish(),
  sold: z.string().nullish(),
  tags: z.array(z.object({ name: z.string() })).default([]),
  updated_at: z.string().nullish(),
});
const mapping: RecordMapping<z.infer<typeof schema>> = {
  schema,
  key: (record) => record.id,
  updatedAt: (record) => record.updated_at,
  map: (record, flag) => ({
    price: record.price,
    colour: colour(record.colour, 'colour', flag),
    sold: instant(record.sold, 'sold', flag),
  }),
};

describe('a record', () => {
  it('becomes values, beside its untouched self', () => {
    const raw = {
      id: 'a1',
      price: 2.5,
      colour: 'Red',
      sold: '2025-06-02',
      updated_at: '2025-06-02T15:01:09.4',
      x: [1],
    };
    expect(mapRecord(mapping, raw)).toEqual({
      ok: {
        key: 'a1',
        sourceUpdatedAt: '2025-06-02T15:01:09.400Z',
        values: { price: '2.5', colour: 'RED', sold: '2025-06-02T00:00:00.000Z' },
        flags: [],
        raw,
      },
    });
  });

  it('is kept with a flag for each doubt', () => {
    const raw = { id: 'a1', price: null, colour: 'puce', sold: '2025-13-01', updated_at: 'soon' };
    expect(mapRecord(mapping, raw)).toMatchObject({
      ok: {
        sourceUpdatedAt: null,
        values: { price: null, colour: 'puce', sold: null },
        flags: [
          { field: 'colour', code: 'UNKNOWN_VALUE', value: 'puce' },
          { field: 'sold', code: 'BAD_DATE', value: '2025-13-01' },
          { field: 'updated_at', code: 'BAD_DATE', value: 'soon' },
        ],
      },
    });
  });

  it('is marked where its text was replaced, and nowhere else', () => {
    const page = parseJson(
      '[{"id":"a1","colour":"red","x":{"note":"b\\u0000d"}},{"id":"a2","note":"\\\\u0000"}]',
    ).value;
    const [marked, literal] = (page as unknown[]).map((raw) => mapRecord(mapping, raw));
    expect(marked).toMatchObject({
      ok: { flags: [{ field: 'x.note', code: 'TEXT_REPLACED' }], raw: { x: { note: 'b\uFFFDd' } } },
    });
    expect(literal).toMatchObject({ ok: { flags: [], raw: { note: '\\u0000' } } });
  });

  it('has no time of change where the entity has none', () => {
    const { updatedAt: _, ...untimed } = mapping;
    expect(mapRecord(untimed, { id: 'a1', updated_at: '2025-06-02' })).toMatchObject({ ok: { sourceUpdatedAt: null } });
  });
});

describe('what reading has put into a record', () => {
  const added: typeof mapping = {
    ...mapping,
    raw: (record) => {
      const { shelf: _, ...own } = record as Record<string, unknown>;
      return own;
    },
  };

  it('is not taken for the vendor’s', () => {
    expect(mapRecord(added, { id: 'a1', shelf: 7 })).toMatchObject({ ok: { raw: { id: 'a1' } } });
    const outcome = mapRecord(added, { id: 'a1', shelf: 7 });
    expect('ok' in outcome && outcome.ok.raw).toEqual({ id: 'a1' });
  });

  it('stays with a record that fails: it is tried again from there', () => {
    const raw = { id: 'a1', shelf: 7, price: 'much' };
    expect(mapRecord(added, raw)).toMatchObject({ rejected: { raw } });
  });
});

describe('a broken record', () => {
  it('names the field that is wrong, however deep', () => {
    expect(mapRecord(mapping, { id: 'a1', price: 'much' })).toMatchObject({
      rejected: { code: 'RECORD_INVALID', key: 'a1', field: 'price', message: 'price: expected a number' },
    });
    expect(mapRecord(mapping, { id: 'a1', tags: [{ name: 'x' }, { name: 1 }] })).toMatchObject({
      rejected: { field: 'tags.1.name' },
    });
  });

  it.each([
    ['a text', { id: 'a1', price: {} }, 'a1'],
    ['a number', { id: 17 }, '17'],
    ['a number beyond doubles', parseJson('{"id":9007199254740993}').value, '9007199254740993'],
    ['nothing', { price: 1 }, undefined],
    ['empty', { id: '' }, undefined],
    ['null', { id: null }, undefined],
    ['a list', { id: ['a1'] }, undefined],
    ['an object', { id: { toString: 'x' } }, undefined],
  ])('is known by its id where that is %s', (_what, raw, key) => {
    expect(mapRecord(mapping, raw)).toEqual({ rejected: expect.objectContaining({ key, raw }) });
  });

  it('is known by no more of an endless id than an index can hold', () => {
    const outcome = mapRecord(mapping, { id: '😀'.repeat(5000), price: 'much' });
    const key = 'rejected' in outcome ? (outcome.rejected.key ?? '') : '';
    expect(key.length).toBe(200);
    expect(key.isWellFormed()).toBe(true);
  });

  it.each([null, undefined, 7, 'text', true, [], [{ id: 'a1' }]])(
    'is rejected whole when it is no object: %j',
    (raw) => {
      expect(mapRecord(mapping, raw)).toEqual({
        rejected: expect.objectContaining({ code: 'RECORD_INVALID', key: undefined, field: undefined, raw }),
      });
    },
  );

  it.each<[string, Partial<typeof mapping>]>([
    [
      'schema',
      {
        schema: schema.refine(() => {
          throw new Error('a bug');
        }),
      },
    ],
    [
      'map',
      {
        map: () => {
          throw new Error('a bug');
        },
      },
    ],
    [
      'key',
      {
        key: () => {
          throw new Error('a bug');
        },
      },
    ],
    [
      'updatedAt',
      {
        updatedAt: () => {
          throw new Error('a bug');
        },
      },
    ],
  ])('is the outcome, not an exception, when the %s of the connector throws', (_what, broken) => {
    expect(mapRecord({ ...mapping, ...broken }, { id: 'a1' })).toMatchObject({
      rejected: { key: 'a1', code: 'RECORD_INVALID', message: 'mapping failed: a bug' },
    });
  });
});
