import { channel } from 'node:diagnostics_channel';
import type { EngineContext } from '@syncline/engine';

/**
 * Announces the boundaries of entity runs on the diagnostics channel `syncline:boundary`, if somebody had subscribed
 * to it before the process started: a message `{ boundary, entity, hold(promise) }`, and the run goes on when what was
 * held out to it is settled. That is how tests kill or halt the very process that runs in production.
 *
 * Undefined when nobody has subscribed: then a boundary costs nothing.
 */
export function announcer(): EngineContext['onBoundary'] {
  const boundaries = channel('syncline:boundary');
  if (!boundaries.hasSubscribers) return undefined;
  return async (boundary, entity) => {
    const held: Promise<unknown>[] = [];
    boundaries.publish({ boundary, entity, hold: (promise: Promise<unknown>) => held.push(promise) });
    await Promise.all(held);
  };
}
