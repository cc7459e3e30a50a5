import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { explore, patience } from './explore.js';
import { breakGround, type Ground } from './ground.js';
import { type Mode, openReading, type Reading } from './reading.js';
import { overlapSeconds } from './town.js';

let ground: Ground;
beforeAll(async () => {
  ground = await breakGround();
});
afterAll(() => ground.close());

/** What happens to an entity, as far as its watermark is concerned. */
type Move =
  /** The vendor publishes changes, with times so far before its present. */
  | { readonly do: 'publish'; readonly count: number; readonly lagMs: number }
  /** It publishes one with a time just before the place where the reading stands: where nobody looks any more. */
  | { readonly do: 'publish late' }
  | { readonly do: 'wait'; readonly ms: number }
  /** A page is read by the live run, or by a new one. */
  | { readonly do: 'page'; readonly size: number; readonly mode: Mode }
  /** Pages are read to the end. */
  | { readonly do: 'finish'; readonly mode: Mode }
  /** Another worker takes the run over. */
  | { readonly do: 'claim' }
  | { readonly do: 'end'; readonly how: 'partial' | 'failed' | 'cancelled' };

const is = <Name extends Move['do']>(name: Name) => fc.constant(name);
const mode = fc.constantFrom<Mode>('full', 'incremental', 'incremental');
const how = fc.constantFrom('partial' as const, 'partial' as const, 'failed' as const, 'cancelled' as const);
const lagMs = fc.constantFrom(0, 0, 30_000, overlapSeconds * 1000 - 1);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: is('publish'), count: fc.integer({ min: 1, max: 6 }), lagMs }) },
  { weight: 2, arbitrary: fc.record({ do: is('publish late') }) },
  { weight: 2, arbitrary: fc.record({ do: is('wait'), ms: fc.constantFrom(1_000, 30_000, 70_000) }) },
  { weight: 4, arbitrary: fc.record({ do: is('page'), size: fc.integer({ min: 1, max: 2 }), mode }) },
  { weight: 2, arbitrary: fc.record({ do: is('finish'), mode }) },
  { weight: 1, arbitrary: fc.record({ do: is('claim') }) },
  { weight: 2, arbitrary: fc.record({ do: is('end'), how }) },
);
const moves = fc.array(move, { minLength: 1, maxLength: 40, size: 'max' });

function make(reading: Reading, some: Move): Promise<void> {
  switch (some.do) {
    case 'publish':
      return reading.publish(some.count, some.lagMs);
    case 'publish late':
      return reading.publishLate();
    case 'wait':
      return reading.wait(some.ms);
    case 'page':
      return reading.page(some.size, some.mode);
    case 'finish':
      return reading.finish(some.mode);
    case 'claim':
      return reading.claim();
    case 'end':
      return reading.end(some.how);
  }
}

const seconds = 3;

describe('a watermark', () => {
  it(
    'never covers a hole and never moves back; a run that was cut short keeps its bounds',
    () =>
      explore(seconds, moves, async (all) => {
        await ground.wipe();
        const reading = await openReading(ground);
        for (const some of all) {
          await make(reading, some);
          await reading.expectNoHole();
        }
      }),
    patience(seconds),
  );
});
