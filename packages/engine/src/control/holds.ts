import { isAnyStopped } from '@syncline/store';
import type { EngineContext } from '../context.js';

/**
 * What somebody has told to stand still, in words that anybody may read: the worker is well and works as soon as that is
 * lifted, so it is ready; whoever wonders why nothing moves finds it here.
 */
export async function holdsOf({ db, queues }: Pick<EngineContext, 'db' | 'queues'>): Promise<string[]> {
  const [isStopped, paused] = await Promise.all([
    isAnyStopped(db),
    Promise.all(queues.all.map(async (queue) => ((await queue.isPaused()) ? [queue.name] : []))),
  ]);
  const names = paused.flat();
  return [
    ...(isStopped ? ['an emergency stop is in force'] : []),
    ...(names.length > 0 ? [`paused in Bull Board: ${names.join(', ')}`] : []),
  ];
}
