import { eventually } from '@syncline/testing';
import { describe, expect, it } from 'vitest';
import { prefetch } from './prefetch.js';

const nothing = () => undefined;

async function collect<T>(piles: AsyncIterable<T[]>): Promise<T[][]> {
  const all: T[][] = [];
  for await (const pile of piles) all.push(pile);
  return all;
}

/** Counts how many items were asked for, and whether it was told to end. */
function countingSource(length: number) {
  const seen = { asked: 0, ended: false };
  async function* source() {
    try {
      for (let i = 1; i <= length; i += 1) {
        seen.asked = i;
        yield i;
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, source: source() };
}

describe('reading ahead', () => {
  it('brings everything, in order', async () => {
    const piles = await collect(prefetch(countingSource(100).source, 7, nothing));
    expect(piles.flat()).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    for (const pile of piles) {
      expect(pile.length).toBeGreaterThan(0);
      expect(pile.length).toBeLessThanOrEqual(7);
    }
  });

  it('brings nothing from an empty source', async () => {
    expect(await collect(prefetch(countingSource(0).source, 7, nothing))).toEqual([]);
  });

  it('goes no further than the limit while nobody takes what was read', async () => {
    const { seen, source } = countingSource(100);
    const piles = prefetch(source, 5, nothing);
    const first = (await piles.next()).value as number[];
    await eventually('the limit to be reached', () => seen.asked === first.length + 5);
    // Nothing is left to happen but what the next pile makes room for.
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    expect(seen.asked).toBe(first.length + 5);
    expect((await piles.next()).value).toHaveLength(5);
    await piles.return(undefined);
  });
});

describe('an error of the source', () => {
  it('comes after all that was read before it', async () => {
    async function* source() {
      yield 1;
      yield 2;
      throw new Error('the third is broken');
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const pile of prefetch(source(), 10, nothing)) {
        for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
        seen.push(...pile);
      }
    })();
    await expect(reading).rejects.toThrow('the third is broken');
    expect(seen).toEqual([1, 2]);
  });

  it('comes at once when there is nothing before it', async () => {
    // biome-ignore lint/correctness/useYield: it never comes to that
    async function* source(): AsyncGenerator<number> {
      throw new Error('broken');
    }
    await expect(collect(prefetch(source(), 10, nothing))).rejects.toThrow('broken');
  });
});

describe('stopping early', () => {
  it('ends a source that waits for more room', async () => {
    const { seen, source } = countingSource(100);
    for await (const _ of prefetch(source, 3, nothing)) break;
    expect(seen.ended).toBe(true);
    expect(seen.asked).toBeLessThanOrEqual(7);
  });

  it('ends a source that waits for something itself, by calling stop', async () => {
    let stopWaiting: (error: Error) => void = nothing;
    let stops = 0;
    async function* source() {
      yield 1;
      await new Promise((_, reject) => {
        stopWaiting = reject;
      });
    }
    const stop = () => {
      stops += 1;
      stopWaiting(new Error('stopped'));
    };
    // The source's error is the answer to our own stop, and nobody's concern.
    for await (const pile of prefetch(source(), 3, stop)) {
      expect(pile).toEqual([1]);
      await eventually('the source to wait', () => stopWaiting !== nothing);
      break;
    }
    expect(stops).toBe(1);
  });

  it('by an error of the caller passes that error on', async () => {
    const { seen, source } = countingSource(100);
    const reading = (async () => {
      for await (const _ of prefetch(source, 3, nothing)) throw new Error('cannot be written');
    })();
    await expect(reading).rejects.toThrow('cannot be written');
    expect(seen.ended).toBe(true);
  });
});
