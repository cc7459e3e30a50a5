import type { SimulatorOptions } from '@syncline/connectors/practicepanther/simulator';
import type { Action } from './actions.js';
import type { Ground } from './ground.js';
import { perform } from './perform.js';
import { Play } from './play.js';
import { expectConvergence, expectSound } from './settle.js';
import { settleTown } from './town.js';
import { withHistory } from './with-history.js';

/** Has all of it happen in a new town, one after the other, until the faults stop. Gives every step of the engine. */
export async function live(
  ground: Ground,
  actions: readonly Action[],
  quirks: SimulatorOptions['quirks'] = {},
): Promise<readonly string[]> {
  const town = await settleTown(ground, { contacts: 12, quirks });
  const play = new Play(town);
  await withHistory(town, async () => {
    for (const action of actions) {
      await perform(play, action);
      await expectSound(play);
    }
    await expectConvergence(play);
  });
  return town.stage.history;
}
