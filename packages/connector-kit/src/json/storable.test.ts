import { describe, expect, it } from 'vitest';
import { parseJson } from './lossless.js';
import { addTo, replacedIn } from './storable.js';

// biome-ignore lint/suspicious/noExplicitAny: as deep as the places go
const parsed = (text: string) => parseJson(text).value as any;

describe('text that was replaced', () => {
  it('is known by its path, from every object that holds it', () => {
    const value = parsed('{"a":"x","b":{"c":["ok","\\u0000",{"d":"\\ud800"}]},"n":9007199254740993}');
    expect(replacedIn(value)).toEqual(['b.c.1', 'b.c.2.d']);
    expect(replacedIn(value['b'])).toEqual(['c.1', 'c.2.d']);
    expect(replacedIn(value['b']['c'])).toEqual(['1', '2.d']);
  });

  it('marks the records that hold it, and not their neighbours', () => {
    const [, marked, neighbour] = parsed('[{"a":"x"},{"a":"\\u0000"},{"a":"\\\\u0000","b":"\\ud83d\\ude00"}]');
    expect(replacedIn(marked)).toEqual(['a']);
    expect(replacedIn(neighbour)).toEqual([]);
  });

  it('may be a key, which stays apart from others', () => {
    const value = parsed('{"k\\u0000":1,"k\\ufffd":2,"k\\ud800":3,"k\\ufffd\\ufffd":4}');
    expect(Object.values(value).sort()).toEqual([1, 2, 3, 4]);
    expect(value).toMatchObject({ 'k\uFFFD': 2, 'k\uFFFD\uFFFD': 4 });
    expect(replacedIn(value)).toEqual(['k\uFFFD\uFFFD\uFFFD', 'k\uFFFD\uFFFD\uFFFD\uFFFD']);
  });

  it('is told of twenty times a record at most', () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, ['\u0000']]));
    expect(replacedIn(parseJson(JSON.stringify(many)).value)).toHaveLength(20);
  });

  it('is still known when a connector has put more into the record', () => {
    const record = parsed('{"a":"\\u0000","b":"fine"}');
    expect(addTo(record, { c: 1 })).toEqual({ a: '\uFFFD', b: 'fine', c: 1 });
    expect(replacedIn(addTo(record, { c: 1 }))).toEqual(['a']);
    expect(replacedIn(addTo(record, { c: '\uFFFD' }, ['c']))).toEqual(['a', 'c']);
    expect(replacedIn(addTo({ b: 'fine' }, { c: 1 }))).toEqual([]);
  });

  it.each([null, undefined, 'text', 7, {}, []])('is not looked for in what was never parsed: %j', (value) => {
    expect(replacedIn(value)).toEqual([]);
  });
});
