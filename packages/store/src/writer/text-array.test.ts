import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { textArray } from './text-array.js';

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string;
  }
}

describe('an array of texts on its way to Postgres', () => {
  const client = new pg.Client({ connectionString: inject('adminUrl') });
  beforeAll(() => client.connect());
  afterAll(() => client.end());

  const throughPostgres = async (values: readonly (string | null)[]) => {
    const { rows } = await client.query('select $1::text[] as back', [textArray(values)]);
    return (rows[0] as { back: (string | null)[] }).back;
  };

  it.each<[string, (string | null)[]]>([
    ['nothing', []],
    ['one empty text', ['']],
    ['NULLs', [null, 'a', null]],
    ['the word NULL', ['NULL', 'null', '']],
    ['what the text format has to quote', ['"', '\\', '\\"', '{', '}', ',', '{"a","b"}', ' x ', "'", '\n\r\t\b']],
    ['accents, other scripts and emoji', ['é', 'ß', '漢字', '😀👩‍👩‍👧', '\u{10FFFF}', '\u0001', '\uFFFD']],
    ['JSON', [JSON.stringify({ a: 'x"y\\z', b: [null, '😀'] })]],
    ['many', Array.from({ length: 10_000 }, (_, i) => (i % 7 === 0 ? null : `value ${i}`))],
  ])('keeps %s', async (_what, values) => {
    expect(await throughPostgres(values)).toEqual(values);
  });

  it.each(['x', 'é', '漢', '😀'])('keeps a million of %s, with small neighbours', async (character) => {
    const values = ['before', character.repeat(1_000_000 / character.length), null, 'after'];
    const back = await throughPostgres(values);
    // Compared before `expect` does: a difference would print megabytes.
    expect(back.map((text, i) => text === values[i])).toEqual([true, true, true, true]);
  });

  it('is as long as it says, whatever it grew by', () => {
    for (const length of [0, 1, 11, 12, 13, 63, 64, 65, 1000]) {
      const buffer = textArray(Array.from({ length: 3 }, () => 'é'.repeat(length)));
      expect(buffer.length).toBe(20 + 3 * (4 + 2 * length));
    }
  });
});
