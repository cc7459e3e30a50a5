import { expect, it } from 'vitest';
import { baseUrlOf, shardOf } from './shard.js';

it.each([
  ['MS0xLWFiY2Rl-au4', 'au4'],
  ['MS0x-with-hyphens-uk2', 'uk2'],
  ['key-CA1', 'ca1'],
  ['key-au10', 'au10'],
  ['-eu1', 'eu1'],
  // Old keys name none, and what stands at their end is part of the key.
  ['MS0xLWFiY2Rl', 'au1'],
  ['au4', 'au1'],
  ['key-', 'au1'],
  ['key-abc', 'au1'],
  ['key-au123', 'au1'],
  ['key-au4.evil.example', 'au1'],
  ['key-au4/..', 'au1'],
  ['key-evil.example#au4', 'au1'],
  ['key-au4\n', 'au1'],
])('the key %j is of the shard %s', (key, shard) => {
  expect(shardOf(key)).toBe(shard);
  expect(new URL(baseUrlOf(key)).host).toBe(`api.${shard}.cliniko.com`);
});
