import type { EngineContext } from '../context.js';
import { itemOfLetter } from './item-of-letter.js';

/** Letters that are looked at in one turn. */
const some = 20;

/**
 * Takes away letters whose item was resolved some other way: by a sync, or by hand. Looks at some of them each time,
 * wherever they lie. Letters about what is open stay, and so do those that this release cannot read.
 */
export async function tidyLetters(ctx: Pick<EngineContext, 'db' | 'deadLetters'>): Promise<void> {
  const count = await ctx.deadLetters.countFailed();
  if (count === 0) return;
  const from = Math.floor(Math.random() * Math.max(1, count - some + 1));
  for (const { id, letter } of await ctx.deadLetters.listFailed(from, some)) {
    if (letter === undefined) continue;
    const item = await itemOfLetter(ctx, letter);
    if (item === undefined || item.status === 'resolved') await ctx.deadLetters.remove(id);
  }
}
