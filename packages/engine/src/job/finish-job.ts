import type { Turn, Verdict } from '@syncline/queue';
import { concludeJob, readJob } from '@syncline/store';
import type { EngineContext } from '../context.js';

/** The last step of a flow: gives the job its final status. It waits while an entity run is in other hands. */
export async function finishJob(ctx: EngineContext, turn: Turn): Promise<Verdict> {
  const { syncJobId } = turn.payload;
  const status = await concludeJob(ctx.db, syncJobId);
  if (status === undefined) {
    const job = await readJob(ctx.db, syncJobId);
    // Paused: the flow is laid out anew when it goes on, with a finish step of its own.
    return job?.standing === 'paused' ? { kind: 'done' } : { kind: 'rest', until: new Date(Date.now() + 2_000) };
  }
  ctx.log.info({ syncJobId, status }, 'sync job ended');
  return { kind: 'done', result: { status } };
}
