import { pino } from 'pino';
import { expect, test } from 'vitest';
import { logTrouble } from './log-trouble.js';

test('the same trouble is logged once in ten seconds, with how often it came', () => {
  const lines: { alike: number; err: { message: string } }[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  let time = 0;
  const onError = logTrouble(log, 'redis', () => time);
  for (time = 0; time < 12_000; time += 1_000) onError(new Error('refused'));
  onError(new Error('reset'));
  expect(lines.map(({ err, alike }) => [err.message, alike])).toEqual([
    ['refused', 0],
    ['refused', 9],
    ['reset', 1],
  ]);
});
