import { expect, it } from 'vitest';
import { propertyText } from './property-text.js';

const text = (...parts: string[]) => parts.map((plain_text) => ({ plain_text }));

it.each([
  ['title', text('Acme ', 'Dental'), 'Acme Dental'],
  ['rich_text', [], null],
  ['number', 0, '0'],
  ['number', null, null],
  ['select', { name: 'SEO' }, 'SEO'],
  ['status', null, null],
  ['multi_select', [{ name: 'SEO' }, { name: 'PPC' }], 'SEO, PPC'],
  ['date', { start: '2025-05-01', end: '2025-06-01', time_zone: null }, '2025-05-01/2025-06-01'],
  ['date', { start: '2025-05-01', end: null, time_zone: null }, '2025-05-01'],
  ['email', 'a@b.example', 'a@b.example'],
  ['checkbox', false, 'false'],
  [
    'people',
    [
      { id: '1', name: 'Ann' },
      { id: '2', name: null },
    ],
    'Ann, 2',
  ],
  ['relation', [{ id: 'x' }, { id: 'y' }], 'x, y'],
  ['files', [{ name: 'brief.pdf' }], null],
  ['formula', { type: 'string', string: 'computed' }, 'computed'],
  ['formula', { type: 'number', number: 4 }, '4'],
  ['rollup', { type: 'array', function: 'show', array: [{ type: 'email', email: 'a@b.example' }] }, 'a@b.example'],
  ['rollup', { type: 'unsupported', unsupported: {} }, null],
  ['unique_id', { prefix: 'C', number: 7 }, 'C-7'],
  ['created_time', '2025-05-01T09:12:00.000Z', '2025-05-01T09:12:00.000Z'],
  ['of_tomorrow', { anything: 1 }, null],
])('%s: %j reads %s', (type, value, expected) => {
  expect(propertyText({ id: 'p', type, [type]: value })).toBe(expected);
});
