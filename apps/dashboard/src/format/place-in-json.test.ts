import { describe, expect, it } from 'vitest';
import { placeInJson } from './place-in-json.js';

const record = {
  id: 't1',
  'odd "name"': { subject: 'no' },
  contact: { emails: ['a@b.example', '"}],'], subject: 12.5 },
  empty: [{}, []],
  subject: { nested: [true, null] },
};
const text = JSON.stringify(record, undefined, 2);
const valueAt = (path: string, of = text) => {
  const place = placeInJson(of, path);
  return place && of.slice(place.start, place.end);
};

describe('the place of a field in a JSON text', () => {
  it.each([
    ['id', '"t1"'],
    ['contact.subject', '12.5'],
    ['contact.emails.1', JSON.stringify('"}],')],
    ['odd "name".subject', '"no"'],
    ['empty.1', '[]'],
    ['subject.nested.1', 'null'],
  ])('is that of its value: %s', (path, value) => {
    expect(valueAt(path)).toBe(value);
  });

  it('is that of the whole value where it is an object, and names its line', () => {
    expect(JSON.parse(valueAt('subject') ?? '')).toEqual(record.subject);
    const line = text.split('\n').indexOf('  "subject": {');
    expect(placeInJson(text, 'subject')?.line).toBe(line);
  });

  it.each(['subjects', 'contact.emails.2', 'emails', 'id.x'])('is nowhere for what is not there: %s', (path) => {
    expect(placeInJson(text, path)).toBeUndefined();
  });

  it.each(['', '{"id": ', '{"id" 1}', '{"a": 1 "id": 2}', '[1', 'x'.repeat(5)])(
    'is nowhere in what is not JSON, or not yet: %s',
    (broken) => {
      expect(placeInJson(broken, 'id')).toBeUndefined();
    },
  );

  it('is found in a long record, digits and all', () => {
    const long = `{"rows":[${'{"n":123456789012345678901.10},'.repeat(20_000)}{"n":1}],"last":98765432109876543210}`;
    expect(valueAt('last', long)).toBe('98765432109876543210');
    expect(valueAt('rows.7.n', long)).toBe('123456789012345678901.10');
  });
});
