import { expect, it } from 'vitest';
import { parseUrl } from './parse-url.js';

it('takes a host with letters beyond ASCII for a URL, however often it is asked', () => {
  // So often that what can be compiled is.
  for (let i = 0; i < 100_000; i += 1) parseUrl('https://api.example.com/x');
  expect(parseUrl('https://bücher.example.com')?.host).toBe('xn--bcher-kva.example.com');
});

it('is undefined for what is no URL', () => {
  expect(parseUrl('api.example.com')).toBeUndefined();
  expect(parseUrl('https://')).toBeUndefined();
});

it('is relative to a base', () => {
  expect(parseUrl('/v2/tasks', 'https://api.example.com/x')?.href).toBe('https://api.example.com/v2/tasks');
});
