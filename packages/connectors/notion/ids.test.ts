import { expect, it } from 'vitest';
import { notionId } from './ids.js';

const id = '1f2a7c10-0000-4000-8000-0000000000db';
const bare = id.replaceAll('-', '');

it.each([
  id,
  bare,
  bare.toUpperCase(),
  ` ${id}\n`,
  `https://www.notion.so/agency/${bare}?v=0123456789abcdef0123456789abcdef`,
  `https://www.notion.so/Our-Clients-${bare}#top`,
])('an id is read from %s', (text) => {
  expect(notionId(text)).toBe(id);
});

it.each(['', 'clients', bare.slice(1), `${bare}0`, '../users', 'https://www.notion.so/'])('%s is none', (text) => {
  expect(notionId(text)).toBeUndefined();
});
