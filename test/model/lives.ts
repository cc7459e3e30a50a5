import fc from 'fast-check';
import type { Action, Fate, FaultKind, QuirkKind } from './actions.js';
import type { FirmEntity } from './firm-entities.js';

const entity = fc.constantFrom<FirmEntity>('accounts', 'contacts', 'matters', 'tasks');
const which = fc.nat(40);
/** Up to the overlap of a town, which is a minute. */
const lagMs = fc.constantFrom(0, 0, 0, 20_000, 59_999);
/** A turn has some ten to forty steps. */
const steps = fc.oneof(fc.nat(12), fc.nat(40));
const fate = fc.constantFrom<Fate>('run', 'run', 'run', 'run', 'die', 'halt', 'halt', 'stop', 'yield', 'cut', 'lose');
const kind = fc.constantFrom<FaultKind>(
  'error',
  'error',
  'rate-limit',
  'truncated',
  'html',
  'empty',
  'null',
  'object',
  'reset',
  'bad-time',
  'forbidden',
);
const quirk = fc.constantFrom<QuirkKind>(
  'none',
  'ignore-skip',
  'ignore-paging',
  'repeat-rows',
  'newest-first',
  'shuffled',
);
const is = <Name extends Action['do']>(name: Name) => fc.constant(name);

const atTheVendor: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: is('edit'), entity, which, lagMs }) },
  { weight: 2, arbitrary: fc.record({ do: is('retouch') }) },
  { weight: 3, arbitrary: fc.record({ do: is('create'), entity, which, lagMs }) },
  { weight: 2, arbitrary: fc.record({ do: is('delete'), entity, which }) },
  { weight: 1, arbitrary: fc.record({ do: is('restore'), entity }) },
  { weight: 1, arbitrary: fc.record({ do: is('share'), entity, count: fc.integer({ min: 2, max: 13 }) }) },
  { weight: 1, arbitrary: fc.record({ do: is('poison'), entity, which, byPostgres: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: is('mend') }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: is('clock'), seconds: fc.constantFrom(0.001, 1, 20, 70, 3_600, -5, -40, -900) }),
  },
  { weight: 2, arbitrary: fc.record({ do: is('fault'), kind, times: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: is('quirk'), kind: quirk }) },
  { weight: 1, arbitrary: fc.record({ do: is('calm') }) },
);

const mode = fc.constantFrom('full' as const, 'incremental' as const, 'incremental' as const);
const only = fc.option(entity, { freq: 3 });
const inTheEngine: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: is('trigger'), mode, only, steps, fate }) },
  { weight: 16, arbitrary: fc.record({ do: is('step'), queue: fc.nat(4), steps, fate }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: is('stray'), entity: fc.option(entity, { freq: 5 }), steps, fate }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: is('both'),
      queue: fc.nat(4),
      order: fc.array(fc.nat(1), { maxLength: 60, size: 'max' }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: is('go'), who: fc.nat(5), steps, fate }) },
  { weight: 2, arbitrary: fc.record({ do: is('lapse'), who: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: is('look'), steps, fate }) },
  { weight: 1, arbitrary: fc.record({ do: is('flush') }) },
  { weight: 1, arbitrary: fc.record({ do: is('cancel') }) },
  { weight: 1, arbitrary: fc.record({ do: is('stop') }) },
  { weight: 1, arbitrary: fc.record({ do: is('restart') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: is('settings'),
      maxPages: fc.nat(3),
      pageSize: fc.integer({ min: 2, max: 9 }),
      sweepMaxRows: fc.constantFrom(0, 1_000),
    }),
  },
);

/** Random lives of a town: syncs and changes, and whatever can go wrong. */
export function lives(longest: number): fc.Arbitrary<Action[]> {
  return fc.array(fc.oneof({ weight: 2, arbitrary: atTheVendor }, { weight: 3, arbitrary: inTheEngine }), {
    minLength: 1,
    maxLength: longest,
    size: 'max',
  });
}
