import type { Verdict } from '@syncline/queue';
import type { EngineContext } from '../context.js';

/** When to look again, if Postgres or Redis is what failed: that says nothing about the run and costs no attempt. */
const restMs = 5_000;

/** A rest until a service of ours may be back; spread, so that a fleet does not come back all at once. */
export function serviceRest(ctx: Pick<EngineContext, 'log'>, error: unknown): Verdict {
  ctx.log.warn({ event: 'run.resting', err: error }, 'a service of ours is away; the run rests');
  return { kind: 'rest', until: new Date(Date.now() + restMs * (0.5 + Math.random())) };
}
