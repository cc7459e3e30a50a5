import { expect, it } from 'vitest';
import { slugOf } from './slug.js';

it.each([
  ['Acme Dental', 'acme-dental'],
  ['  Café Müller & Söhne GmbH. ', 'cafe-muller-sohne-gmbh'],
  ['Straße 7', 'strasse-7'],
  ['株式会社', '株式会社'],
  ['!!!', 'client'],
  ['', 'client'],
  [null, 'client'],
])('%s is %s in an address', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

it('is not longer than 80, and does not end in half a character or a dash', () => {
  expect(slugOf(`${'a'.repeat(79)} b`)).toBe('a'.repeat(79));
  expect(slugOf(`${'a'.repeat(79)}𝔘𝔘`)).toMatch(/^a{79}u$/);
});
