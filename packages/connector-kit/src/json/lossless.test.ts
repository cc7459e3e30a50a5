import { describe, expect, it } from 'vitest';
import { parseJson, stringifyJson } from './lossless.js';

/** The same digits every time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const roundTrip = (text: string) => {
  const { value, lossless } = parseJson(text);
  return stringifyJson(value, lossless);
};

/** Sign, digits and power of ten: equal for two tokens exactly when they are the same number. */
function exactly(token: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(power) - fraction.length + digits.length - significant.length}`;
}

// biome-ignore lint/suspicious/noExplicitAny: as deep as the places go
type Nested = any;

/** Where a number can stand, and how to get at it there. */
const places: readonly [(token: string) => string, (value: Nested) => unknown][] = [
  [(token) => token, (value) => value],
  [(token) => ` ${token} `, (value) => value],
  [(token) => `[${token}]`, (value) => value[0]],
  [(token) => `[1,\n\t${token} ]`, (value) => value[1]],
  [(token) => `{"a":${token}}`, (value) => value.a],
  [(token) => `{"a": {"b" : [ "x", ${token}, null]}}`, (value) => value.a.b[1]],
];

describe('numbers', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '1234567890123456',
    '123456789012345',
    '0.30000000000000004',
    '0.1234567890123456789',
    '1234567890.1234567',
    '0.000001234567890123456',
    '0.0000000000001',
    '1e400',
    '-1E-400',
    '5E+3',
    '1e5',
    '-0',
    '-0.0',
    '412500.0',
    '1.10',
    '0',
  ])('keep their value wherever they stand: %s', (token) => {
    for (const [put, take] of places) {
      const { value, lossless } = parseJson(put(token));
      expect(exactly(stringifyJson(take(value), lossless)), put(token)).toBe(exactly(token));
    }
  });

  it('keep their value whatever their length, sign and exponent', () => {
    const roll = dice(11);
    const digits = (count: number) => Array.from({ length: count }, () => roll(10)).join('');
    for (let i = 0; i < 3000; i += 1) {
      const whole = roll(4) === 0 ? '0' : `${1 + roll(9)}${digits(roll(22))}`;
      const fraction = roll(2) === 0 ? '' : `.${digits(1 + roll(20))}`;
      const exponent = roll(4) === 0 ? `${'eE'[roll(2)]}${['', '+', '-'][roll(3)]}${roll(500)}` : '';
      const token = `${roll(3) === 0 ? '-' : ''}${whole}${fraction}${exponent}`;
      expect(exactly(roundTrip(`[${token}]`).slice(1, -1)), token).toBe(exactly(token));
    }
  });

  it('keep their very digits beside one that a double cannot carry', () => {
    const text = '{"id":9007199254740993,"value":412500.0,"rate":1.10,"zero":-0,"small":1e-7,"plain":42}';
    expect(roundTrip(text)).toBe(text);
  });

  it('stay plain where nothing is at risk', () => {
    const { value, lossless } = parseJson('{"number":1042,"rate":350.5,"list":[0,-1]}');
    expect(value).toEqual({ number: 1042, rate: 350.5, list: [0, -1] });
    expect(lossless).toBe(false);
  });

  it('are left alone inside strings', () => {
    const note = 'order: 12345678901234567890, [1e400, -0.10000000000000000001]';
    expect(parseJson(JSON.stringify({ note })).value).toEqual({ note });
  });
});

describe('text', () => {
  it.each([
    ['a NUL', '"a\\u0000b"', 'a\uFFFDb'],
    ['a high half alone', '"\\ud83d"', '\uFFFD'],
    ['a high half before something else', '"\\ud83dx"', '\uFFFDx'],
    ['a low half alone', '"\\uDE00"', '\uFFFD'],
    ['halves in the wrong order', '"\\ude00\\ud83d"', '\uFFFD\uFFFD'],
    ['a low half behind an escaped backslash', '"\\\\ud83d\\ude00"', '\\ud83d\uFFFD'],
    ['a NUL behind an escaped backslash', '"\\\\\\u0000"', '\\\uFFFD'],
  ])('is made storable: %s', (_what, text, expected) => {
    expect(parseJson(text)).toMatchObject({ value: expected, cleaned: true });
    expect(parseJson(`{"n":9007199254740993,"t":${text}}`)).toMatchObject({ value: { t: expected }, cleaned: true });
  });

  it.each([
    ['a whole pair', '"\\ud83d\\ude00"', '😀'],
    ['two pairs in a row', '"\\ud83d\\ude00\\uD83D\\uDE01"', '😀😁'],
    ['the six characters of an escape', '"\\\\u0000"', '\\u0000'],
    ['a backslash and a half in words', '"\\\\ud83d"', '\\ud83d'],
    ['other escapes', '"\\n\\t\\"\\u00e9\\u0001"', '\n\t"é\u0001'],
  ])('that can be stored is not touched: %s', (_what, text, expected) => {
    expect(parseJson(text)).toMatchObject({ value: expected, cleaned: false });
  });

  it('is judged right in any mixture of escapes', () => {
    const roll = dice(5);
    const pieces = [
      '\\\\',
      '\\u0000',
      '\\ud83d',
      '\\ude00',
      'u0000',
      'ud83d',
      '\\uD83D\\uDE00',
      '\\"',
      '\\n',
      'a',
      '/',
    ];
    for (let i = 0; i < 5000; i += 1) {
      const text = `"${Array.from({ length: 1 + roll(6) }, () => pieces[roll(pieces.length)]).join('')}"`;
      const plain = JSON.parse(text) as string;
      const storable = plain.replaceAll('\u0000', '\uFFFD').toWellFormed();
      expect(parseJson(text), text).toEqual({ value: storable, lossless: false, cleaned: storable !== plain });
    }
  });

  it('is made storable in keys and at any depth', () => {
    const { value } = parseJson('{"a\\u0000":[{"b":["\\ud800",1,true,null]}]}');
    expect(value).toEqual({ 'a\uFFFD': [{ b: ['\uFFFD', 1, true, null] }] });
  });
});

describe('odd documents', () => {
  it.each(['{"x":1,', '{"x":9007199254740993,'])('a key named __proto__ is a key like any other', (start) => {
    const text = `${start}"__proto__":{"admin":true},"constructor":1,"bad":"\\u0000"}`;
    const { value, lossless } = parseJson(text);
    expect(Object.keys(value as object)).toEqual(['x', '__proto__', 'constructor', 'bad']);
    expect(stringifyJson(value, lossless)).toContain('"__proto__":{"admin":true}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each(['1', '9007199254740993'])('of a repeated key the last one counts', (first) => {
    expect(roundTrip(`{"n":${first},"a":1,"a":2}`)).toBe(`{"n":${first},"a":2}`);
  });

  it.each(['', '<html>', '{"a":', '[1,]', 'NaN', "{'a':1}", '{"a":9007199254740993', '[12345678901234567890,]'])(
    'what is no JSON is a SyntaxError: %s',
    (text) => expect(() => parseJson(text)).toThrow(SyntaxError),
  );

  it('nothing is null', () => {
    expect(stringifyJson(undefined, false)).toBe('null');
    expect(stringifyJson(undefined, true)).toBe('null');
  });
});
