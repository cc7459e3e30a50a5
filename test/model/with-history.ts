import type { Town } from './town.js';

const shown = 80;

/** Does the work, and closes the town. Throws what it throws, with what happened in the town last. */
export async function withHistory(town: Town, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const last = town.stage.history.slice(-shown).join('\n');
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${what}\nThe last ${shown} steps:\n${last}`, { cause: error });
  } finally {
    await town.close();
  }
}
