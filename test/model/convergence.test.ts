import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Action } from './actions.js';
import { explore, patience } from './explore.js';
import { breakGround, type Ground } from './ground.js';
import { live } from './life.js';
import { lives } from './lives.js';

let ground: Ground;
beforeAll(async () => {
  ground = await breakGround();
});
afterAll(() => ground.close());

const seconds = 5;

describe('whatever happens to a town', () => {
  it(
    'its tables become what the vendor has when faults stop',
    () => explore(seconds, lives(50), async (actions) => void (await live(ground, actions))),
    patience(seconds),
  );
});

it('the same life goes the same way, step by step, or no failure could be seen again', async () => {
  const [actions = []] = fc.sample(lives(30), { seed: 7, numRuns: 1 });
  const once = await live(ground, actions);
  expect(once.length).toBeGreaterThan(500);
  expect(await live(ground, actions)).toEqual(once);
});

/** Lists that failed once, as they were printed. */
const regressions: Readonly<Record<string, readonly Action[]>> = {
  'a worker that has read that all is stopped gives its step away after the stop was lifted': [
    { do: 'trigger', mode: 'full', only: null, steps: 0, fate: 'run' },
    { do: 'stop' },
    { do: 'step', queue: 0, steps: 2, fate: 'halt' },
  ],
  'the last step fails while another one ends the job': [
    { do: 'trigger', mode: 'full', only: 'accounts', steps: 0, fate: 'run' },
    { do: 'step', queue: 0, steps: 0, fate: 'run' },
    { do: 'step', queue: 0, steps: 0, fate: 'cut' },
    { do: 'stray', entity: null, steps: 0, fate: 'run' },
  ],
};

describe('a town converges where', () => {
  it.each(Object.entries(regressions))('%s', async (_what, actions) => void (await live(ground, actions)));
});
