import { expect, test } from 'vitest';
import { bearerToken, secretCheck } from './bearer.js';

test('only the whole key is the key', () => {
  const isTheKey = secretCheck('correct-horse-battery');
  expect(isTheKey('correct-horse-battery')).toBe(true);
  for (const given of ['', 'correct-horse', 'correct-horse-battery ', 'CORRECT-HORSE-BATTERY']) {
    expect(isTheKey(given)).toBe(false);
  }
});

test('a bearer token is read whatever the case of the scheme, and from no other scheme', () => {
  expect(bearerToken('Bearer abc')).toBe('abc');
  expect(bearerToken('bearer  abc ')).toBe('abc');
  for (const header of [undefined, '', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b']) {
    expect(bearerToken(header)).toBeUndefined();
  }
});
