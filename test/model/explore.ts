import fc from 'fast-check';

/** Where the quick tests begin, so that they say the same each time; `npm run test:soak` begins anywhere. */
const usualSeed = 20_261_121;

/** So that shrinking ends before the patience of a test does. */
const shrinkSeconds = 60;

/** How long a test may take that looks for failures for so many seconds, in ms. */
export const patience = (seconds: number) => (seconds + shrinkSeconds + 30) * 1000;

/**
 * Checks a property with random cases for so many seconds. Where it begins is printed, and can be given:
 * SYNCLINE_TEST_SEED is a seed, or a seed and the path to a case that failed, as the error says it.
 *
 * Throws Error with the smallest case that was found to fail, and how to see it again.
 */
export async function explore<Case>(
  seconds: number,
  cases: fc.Arbitrary<Case>,
  holds: (some: Case) => Promise<void>,
): Promise<void> {
  const { seed, path } = beginning();
  const began = performance.now();
  let until = began + seconds * 1000;
  let failed = false;
  let runs = 0;
  const property = fc.asyncProperty(cases, async (some) => {
    // When time is up, what is left passes unseen: fast-check would leave the case at hand running.
    if (performance.now() > until) return;
    runs += 1;
    try {
      await holds(some);
    } catch (error) {
      if (!failed) until = performance.now() + shrinkSeconds * 1000;
      failed = true;
      throw error;
    }
  });
  const result = await fc.check(property, { seed, numRuns: 500 + seconds * 20, ...(path !== undefined && { path }) });
  const took = `${runs} cases from seed ${seed} in ${Math.round((performance.now() - began) / 1000)} s`;
  process.stderr.write(`${took}\n`);
  if (!result.failed) return;
  const again = `SYNCLINE_TEST_SEED=${seed}:${result.counterexamplePath}`;
  const [smallest] = result.counterexample ?? [];
  throw new Error(`${took}\nSmallest failure, ${again}:\n${JSON.stringify(smallest)}`, { cause: result.errorInstance });
}

function beginning(): { readonly seed: number; readonly path: string | undefined } {
  const [, seed, path] = /^(-?\d+)(?::(.+))?$/.exec(process.env['SYNCLINE_TEST_SEED'] ?? '') ?? [];
  return { seed: Number(seed ?? usualSeed), path };
}
