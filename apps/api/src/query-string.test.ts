import { expect, test } from 'vitest';
import { parseQuery } from './query-string.js';

test('blank values are as if they were not there', () => {
  expect(parseQuery('page=2&status=&syncType=contacts')).toEqual({ page: '2', syncType: 'contacts' });
});

test('repeated and malicious names stay plain properties', () => {
  const query = parseQuery('a=1&a=2&__proto__=x');
  expect(query.a).toEqual(['1', '2']);
  expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
});
