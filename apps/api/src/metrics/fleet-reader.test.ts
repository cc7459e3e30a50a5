import { describe, expect, it } from 'vitest';
import { fleetReader } from './fleet-reader.js';

interface Numbers {
  readonly one: number;
  readonly two: number;
}

/** A reader whose sources, clock and complaints are the test's. */
function scene(two: () => Promise<number>) {
  const asked = { one: 0, two: 0 };
  const failed: (keyof Numbers)[] = [];
  const clock = { ms: 0 };
  const read = fleetReader<Numbers>({
    ...{ patienceMs: 20, allMs: 1_000, keptMs: 5_000, now: () => clock.ms },
    read: {
      one: async () => {
        asked.one += 1;
        return asked.one;
      },
      two: () => {
        asked.two += 1;
        return two();
      },
    },
    onRead: (source, _seconds, error) => void (error === undefined || failed.push(source)),
  });
  return { asked, failed, clock, read };
}

describe('the numbers of the fleet', () => {
  it('are read once, however many ask, until they are old', async () => {
    const { asked, clock, read } = scene(async () => 7);
    const all = await Promise.all([read(), read(), read()]);
    expect(all).toEqual(Array.from({ length: 3 }, () => ({ one: 1, two: 7 })));
    clock.ms = 4_999;
    expect(await read()).toEqual({ one: 1, two: 7 });
    clock.ms = 5_000;
    expect(await read()).toEqual({ one: 2, two: 7 });
    expect(asked).toEqual({ one: 2, two: 2 });
  });

  it('are there without what fails, or does not answer', async () => {
    const failing = scene(() => Promise.reject(new Error('away')));
    expect(await failing.read()).toEqual({ one: 1 });
    expect(failing.failed).toEqual(['two']);
    const hanging = scene(() => new Promise(() => undefined));
    expect(await hanging.read()).toEqual({ one: 1 });
    expect(hanging.failed).toEqual(['two']);
  });

  it('are not asked for when there is no time left, nor twice at once, however long it takes', async () => {
    let answer: (value: number) => void = () => undefined;
    const slow = scene(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const first = slow.read();
    await Promise.resolve();
    slow.clock.ms = 60_000;
    const second = slow.read();
    await Promise.resolve();
    answer(1);
    expect(await second).toBe(await first);
    expect(slow.asked.one).toBe(1);
    const late = fleetReader<Numbers>({
      ...{ patienceMs: 20, allMs: 0, keptMs: 0, now: () => 0, onRead: () => undefined },
      read: { one: async () => 1, two: async () => 2 },
    });
    expect(await late()).toEqual({});
  });
});
