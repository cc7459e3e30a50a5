import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { startCaller } from '../../testing/caller.js';
import { event } from '../../testing/event.js';
import { freshPrefix, openRedis } from '../../testing/redis.js';
import { openRoad } from '../../testing/road.js';
import { startUpstream } from '../../testing/upstream.js';

it('a process that is killed while it tries the vendor for all of them is replaced', async () => {
  const probe = event<ServerResponse>();
  let status = 503;
  const upstream = await startUpstream((_, response) => {
    if (status === 0) probe.report(response);
    else response.writeHead(status).end('{}');
  });
  const keyPrefix = freshPrefix();
  const allow = [upstream.hostPort];
  const lane = {
    baseUrl: upstream.baseUrl,
    budgetKey: 'k',
    windows: [{ requests: 100, seconds: 60 }],
    // Nothing of this ends by itself while the test looks: on a machine that is busy, killing alone may take a second.
    deadlineMs: 60_000,
    retry: { tries: 1 },
    circuit: { maxFailures: 1, resetSeconds: 60 },
  };
  const [doomed, other, third] = await Promise.all([1, 2, 3].map(() => startCaller(keyPrefix, allow, lane)));
  const road = openRoad({ egressAllow: allow, keyPrefix });
  const state = async () => (await road.circuit('k')).state;
  const redis = openRedis();
  const circuit = `${keyPrefix}:circuit:k`;
  expect(await doomed?.get()).toBe('UPSTREAM_UNAVAILABLE');
  expect(await other?.get()).toBe('UPSTREAM_UNAVAILABLE');
  expect(await state()).toBe('open');

  status = 0;
  await redis.hset(circuit, 'until', 1);
  expect(await state()).toBe('half_open');
  void doomed?.get();
  const held = await probe.happened;
  await doomed?.kill();
  held.destroy();
  status = 200;
  expect(await third?.get()).toBe('CIRCUIT_OPEN');
  expect(upstream.requests).toHaveLength(3);
  // Its lease is the deadline and the time that Redis may take.
  const [seconds] = await redis.time();
  const lease = Number(await redis.hget(circuit, 'probeUntil')) / 1_000_000 - Number(seconds);
  expect(lease).toBeGreaterThan(0);
  expect(lease).toBeLessThan(75);
  await redis.hset(circuit, 'probeUntil', 1);
  expect(await third?.get()).toBe(200);
  expect(upstream.requests).toHaveLength(4);
  expect(await state()).toBe('closed');
});
