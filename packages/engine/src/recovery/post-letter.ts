import type { DeadLetter } from '@syncline/queue';
import type { EngineContext } from '../context.js';

/** A Redis that is away is not waited for: it may be for long, and whoever stops a worker does not want to. */
const patienceMs = 5_000;

/**
 * Sends a dead letter, without insisting. What is dead stands in Postgres as given up, and the reconciler sends letters
 * that got lost on the way.
 */
export async function postLetter(ctx: Pick<EngineContext, 'deadLetters' | 'log'>, letter: DeadLetter): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${patienceMs} ms`)), patienceMs);
  });
  try {
    await Promise.race([ctx.deadLetters.add(letter), late]);
  } catch (error) {
    ctx.log.warn(
      { event: 'letter.postponed', err: error, kind: letter.kind },
      'a dead letter could not be sent; it is sent again later',
    );
  } finally {
    clearTimeout(timer);
  }
}
