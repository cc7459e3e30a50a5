import { expect, it } from 'vitest';
import type { Scene } from '../scene.js';
import { environmentChecks } from './environment.js';

const look = (env: Record<string, string>) =>
  environmentChecks.find(({ id }) => id === 'environment.safe')?.look({ env } as unknown as Scene);

it.each([
  'redis://cache.example.com',
  'redis+cluster://10.0.0.1:6379,cache.example.com:6379',
  'redis+sentinel://:word@redis-1.example.com,redis-2.example.com/main',
])('warns of a Redis in another network without TLS: %s', async (REDIS_URL) => {
  expect(await look({ REDIS_URL })).toMatchObject({ status: 'warning', message: expect.stringMatching(/without TLS/) });
});

it.each([
  'rediss+cluster://cache.example.com',
  'redis+sentinel://10.0.0.1,10.0.0.2/main',
  'redis://redis',
  'no address',
])('and not of %s', async (REDIS_URL) => {
  expect(await look({ REDIS_URL })).toMatchObject({ status: 'ok' });
});
