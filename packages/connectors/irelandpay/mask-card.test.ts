import { parseJson } from '@syncline/connector-kit';
import { expect, it } from 'vitest';
import { maskCard } from './mask-card.js';

it('the number of a card is masked, however it is written, and what is masked stays', () => {
  expect(maskCard('4111111111111234')).toBe('411111******1234');
  expect(maskCard('3712-345678-91234')).toBe('371234*****1234');
  expect(maskCard('card 4111 1111 1111 1234 of J. Doe')).toBe('card 411111******1234 of J. Doe');
  expect(maskCard(4111111111111234)).toBe('411111******1234');
  const [long] = parseJson('[4111111111111234567]').value as unknown[];
  expect(maskCard(long)).toBe('411111*********4567');
  for (const masked of ['4111********1111', '3712*******1234', 'J. Doe', '', null, undefined]) {
    expect(maskCard(masked)).toBe(masked);
  }
});
