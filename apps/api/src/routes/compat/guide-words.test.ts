import { expect, test } from 'vitest';
import { filterStatuses, statusesOf } from './guide-words.js';

test('filters understand both vocabularies', () => {
  expect(Object.fromEntries(filterStatuses.map((word) => [word, statusesOf(word)]))).toEqual({
    running: ['queued', 'running'],
    queued: ['queued'],
    success: ['succeeded'],
    succeeded: ['succeeded'],
    partial: ['partial'],
    error: ['failed'],
    failed: ['failed'],
    cancelled: ['cancelled'],
  });
});
