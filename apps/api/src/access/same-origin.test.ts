import { expect, test } from 'vitest';
import { requestOrigin } from './same-origin.js';

test.each([
  [{}, 'unknown'],
  [{ host: 'a:3000', origin: 'http://a:3000' }, 'same'],
  [{ host: 'a:80', origin: 'http://a' }, 'same'],
  [{ host: 'a', origin: 'https://a:443' }, 'same'],
  [{ host: 'A.example', origin: 'https://a.example' }, 'same'],
  [{ host: 'a:3000', origin: 'http://a:3001' }, 'other'],
  [{ host: 'a:3000', origin: 'http://a.evil:3000' }, 'other'],
  [{ host: 'a:3000', origin: 'null' }, 'other'],
  [{ origin: 'http://a' }, 'other'],
  [{ host: 'a/b', origin: 'null' }, 'other'],
  [{ host: '', origin: 'http://a' }, 'other'],
  [{ host: 'a', origin: 'http://a', 'sec-fetch-site': 'cross-site' }, 'other'],
  [{ host: 'a', origin: 'http://a', 'sec-fetch-site': 'same-site' }, 'other'],
  [{ host: 'behind-a-proxy', origin: 'https://public', 'sec-fetch-site': 'same-origin' }, 'same'],
] as const)('%o comes from the %s origin', (headers, expected) => {
  expect(requestOrigin(headers)).toBe(expected);
});
