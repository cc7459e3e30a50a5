import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { calendarDay, decimal, instant, optionalDecimal, wordMap } from './fields.js';

/** Calls with a flag that is kept. */
function flagged<T>(call: (flag: (field: string, code: string, value: unknown) => void) => T) {
  const flags: { field: string; code: string; value: unknown }[] = [];
  const result = call((field, code, value) => void flags.push({ field, code, value }));
  return { result, flags };
}

describe('instant', () => {
  it.each([
    ['2025-06-02T15:01:09.377', '2025-06-02T15:01:09.377Z'],
    ['2025-06-02T15:01:09.4', '2025-06-02T15:01:09.400Z'],
    ['2025-06-02T15:01:09', '2025-06-02T15:01:09.000Z'],
    ['2025-06-02 15:01', '2025-06-02T15:01:00.000Z'],
    ['2025-06-02T15:01:09Z', '2025-06-02T15:01:09.000Z'],
    ['2025-06-02T15:01:09+02:00', '2025-06-02T13:01:09.000Z'],
    ['2025-06-02T15:01:09-0530', '2025-06-02T20:31:09.000Z'],
    ['2025-06-02', '2025-06-02T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['9999-12-31T23:59:59.9999999', '9999-12-31T23:59:59.999Z'],
    ['0001-01-01T00:00:00', '0001-01-01T00:00:00.000Z'],
  ])('reads %s as UTC unless it names a zone', (text, expected) => {
    expect(flagged((flag) => instant(text, 'at', flag))).toEqual({ result: expected, flags: [] });
  });

  it('does not depend on the zone of the machine', () => {
    const zone = process.env['TZ'];
    try {
      for (const tz of ['America/New_York', 'Asia/Tokyo']) {
        process.env['TZ'] = tz;
        // In New York these two are the hour that does not exist and the one that comes twice.
        for (const text of ['2025-03-09T02:30:00', '2025-11-02T01:30:00']) {
          expect(flagged((flag) => instant(text, 'at', flag)).result).toBe(`${text}.000Z`);
        }
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it.each([
    '0000-00-00',
    '0000-00-00T00:00:00',
    '2025-13-01',
    '2025-00-10',
    '2025-02-30',
    '2025-02-29T10:00:00',
    '2025-04-31T10:00:00Z',
    '2025-06-02T25:00:00',
    '2016-12-31T23:59:60Z',
    '+275760-09-13T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '9999-12-31T23:59:59-05:00',
    '0001-01-01T00:00:00+05:00',
    '2025-06-02T15:01:09 or so',
    '06/02/2025',
    'soon',
    '1748876469',
    ' ',
  ])('flags what is no date that Postgres could keep, and leaves it empty: %s', (text) => {
    expect(flagged((flag) => instant(text, 'due', flag))).toEqual({
      result: null,
      flags: [{ field: 'due', code: 'BAD_DATE', value: text }],
    });
  });

  it.each([null, undefined, ''])('takes nothing for nothing: %s', (value) => {
    expect(flagged((flag) => instant(value, 'due', flag))).toEqual({ result: null, flags: [] });
  });
});

describe('wordMap', () => {
  const status = wordMap({ NotCompleted: 'PENDING', in_progress: 'IN_PROGRESS' });

  it.each(['NotCompleted', 'notcompleted', 'NOTCOMPLETED', ' NotCompleted '])(
    'knows a word in any case: %j',
    (word) => {
      expect(flagged((flag) => status(word, 'status', flag))).toEqual({ result: 'PENDING', flags: [] });
    },
  );

  it.each(['Dreaming', '', 'constructor', '__proto__'])('keeps a word it does not know, flagged: %j', (word) => {
    expect(flagged((flag) => status(word, 'status', flag))).toEqual({
      result: word,
      flags: [{ field: 'status', code: 'UNKNOWN_VALUE', value: word }],
    });
  });

  it.each([null, undefined])('takes nothing for nothing: %s', (value) => {
    expect(flagged((flag) => status(value, 'status', flag))).toEqual({ result: null, flags: [] });
  });
});

describe('optionalDecimal', () => {
  it.each([
    [1042, '1042'],
    [-0.5, '-0.5'],
    [new LosslessNumber('9007199254740993'), '9007199254740993'],
    [new LosslessNumber('412500.10'), '412500.10'],
    [new LosslessNumber('1e400'), '1e400'],
    ['00123.450', '00123.450'],
    ['-7', '-7'],
    [null, null],
    [undefined, null],
    ['', null],
  ])('keeps every digit of %s', (value, expected) => {
    expect(optionalDecimal.parse(value)).toBe(expected);
  });

  it('may be missing', () => {
    expect(z.object({ price: optionalDecimal }).parse({})).toEqual({ price: null });
  });

  it.each(['twelve', '1,000', '$5', '1e5', 'NaN', true, {}, [1]])('refuses what is no number: %j', (value) => {
    expect(optionalDecimal.safeParse(value).error?.issues[0]?.message).toBe('expected a number');
  });
});

describe('decimal', () => {
  it.each([
    [412500.1, '412500.1'],
    [new LosslessNumber('9007199254740993.5'), '9007199254740993.5'],
    ['-7.50', '-7.50'],
    [null, null],
    [undefined, null],
    ['', null],
  ])('keeps every digit of %s', (value, expected) => {
    expect(flagged((flag) => decimal(value, 'price', flag))).toEqual({ result: expected, flags: [] });
  });

  it.each(['$412,500', 'to be agreed', true, { amount: 1 }])('flags what is no number: %j', (value) => {
    const flags = [{ field: 'price', code: 'BAD_NUMBER', value }];
    expect(flagged((flag) => decimal(value, 'price', flag))).toEqual({ result: null, flags });
  });
});

describe('calendarDay', () => {
  it.each([
    ['1988-02-14', '1988-02-14'],
    ['2024-02-29', '2024-02-29'],
    ['', null],
    [null, null],
    [undefined, null],
  ])('reads %s as %s', (text, expected) => {
    expect(flagged((flag) => calendarDay(text, 'born', flag))).toEqual({ result: expected, flags: [] });
  });

  it.each(['2023-02-29', '0000-00-00', '14/02/1988', '1988-02-14T00:00:00Z', 'yesterday'])(
    'flags %s and leaves it empty',
    (text) => {
      const flags = [{ field: 'born', code: 'BAD_DATE', value: text }];
      expect(flagged((flag) => calendarDay(text, 'born', flag))).toEqual({ result: null, flags });
    },
  );
});
