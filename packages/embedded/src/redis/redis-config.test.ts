import { expect, it } from 'vitest';
import { redisConfig } from './redis-config.js';

const settings = { port: 4000, password: 'pw', data: '/a "b\\c', pidFile: '/a/redis.pid', ephemeral: false };

it('keeps what it is given, also across a crash', () => {
  const text = redisConfig(settings);
  expect(text).toContain('appendonly "yes"\n');
  expect(text).toContain('maxmemory-policy "noeviction"\n');
  expect(text).toContain('bind "127.0.0.1"\n');
});

it('writes nothing down when the data is thrown away', () => {
  expect(redisConfig({ ...settings, ephemeral: true })).toContain('appendonly "no"\n');
});

it('quotes paths', () => {
  expect(redisConfig(settings)).toContain('dir "/a \\"b\\\\c"\n');
});
