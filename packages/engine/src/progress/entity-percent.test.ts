import { expect, test } from 'vitest';
import { entityPercent } from './entity-percent.js';

test.each([
  ['running', 50, null, null],
  ['pending', 0, 0, null],
  ['running', 0, 100, 0],
  ['running', 999, 1000, 99],
  ['running', 1000, 1000, 99],
  ['running', 5000, 1000, 99],
  ['failed', 1000, 1000, 99],
  ['partial', 5000, 1000, 100],
  ['partial', 500, 1000, 50],
  ['succeeded', 3, 1000, 100],
  ['succeeded', 0, null, 100],
] as const)('%s with %s of %s read is at %s', (status, recordsRead, recordsExpected, expected) => {
  expect(entityPercent({ status, recordsRead, recordsExpected })).toBe(expected);
});
