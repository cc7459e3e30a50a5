import fc from 'fast-check';

/** What people do at the vendor. `which` is one of the pages, by its place among those that it can be done to. */
export type Deed = (typeof deeds)[number];
const deeds = [
  'edit',
  'rename',
  'write',
  'add',
  'trash',
  'restore',
  'leave',
  'return',
  'hide',
  'show',
  'call',
] as const;

export type Action =
  | { readonly do: Deed; readonly which: number }
  | { readonly do: 'time'; readonly seconds: number }
  /** The next event in the mail, or a later one, comes so often; never for 0. */
  | { readonly do: 'post'; readonly which: number; readonly copies: number }
  | { readonly do: 'forge' }
  /** What webhooks told of is fetched; a number: and stands still after so many requests, until it goes on. */
  | { readonly do: 'work'; readonly pause: number | null; readonly stage: Stage }
  | { readonly do: 'sync'; readonly mode: 'full' | 'incremental'; readonly pause: number | null; readonly stage: Stage }
  | { readonly do: 'go on'; readonly dies: boolean }
  | { readonly do: 'flush' }
  | { readonly do: 'look after' };

type Stage = 'arrival' | 'answer';

const is = <Name extends string>(name: Name) => fc.constant(name);
const which = fc.nat(20);
const stage = fc.constantFrom<Stage>('arrival', 'answer');
const pause = fc.option(fc.nat(8), { freq: 2 });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ do: fc.constantFrom(...deeds), which }) },
  // Mostly within a minute: a second edit that has the time of the first.
  { weight: 6, arbitrary: fc.record({ do: is('time'), seconds: fc.constantFrom(1, 7, 25, 60, 600, 3_600, 10_800) }) },
  // Half of them are dropped.
  { weight: 12, arbitrary: fc.record({ do: is('post'), which, copies: fc.constantFrom(0, 0, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ do: is('forge') }) },
  { weight: 8, arbitrary: fc.record({ do: is('work'), pause, stage }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: is('sync'),
      mode: fc.constantFrom('incremental' as const, 'incremental' as const, 'full' as const),
      pause,
      stage,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: is('go on'), dies: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: is('flush') }) },
  { weight: 3, arbitrary: fc.record({ do: is('look after') }) },
);

/** A day of an agency: what people do, what the mail loses, and what the engine makes of it. */
export const agencyDays = (length: number) =>
  fc.array(action, { minLength: length / 2, maxLength: length, size: 'max' });
