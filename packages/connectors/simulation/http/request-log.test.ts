import { expect, test } from 'vitest';
import { RequestLog } from './request-log.js';

const none = new URLSearchParams();

test('keeps the last requests in order, and the totals of all', () => {
  const log = new RequestLog(3);
  for (let at = 1; at <= 5; at++) log.begin('', 'GET', `/Page/${at}`, none);
  expect(log.entries.map(({ number }) => number)).toEqual([3, 4, 5]);
  expect(log.count).toBe(5);
  expect(log.totals).toMatchObject({ 'GET /page/1': 1, 'GET /page/5': 1 });
});

test('finds the busiest window', () => {
  const log = new RequestLog();
  expect(log.busiestWindow(10)).toEqual({ seconds: 10, requests: 0, fromMs: null });
  for (let at = 0; at < 4; at++) log.begin('', 'GET', '/', none);
  const [first] = log.entries;
  expect(log.busiestWindow(3600)).toEqual({ seconds: 3600, requests: 4, fromMs: first?.arrivedMs });
  expect(log.busiestWindow(0).requests).toBeLessThanOrEqual(1);
});
