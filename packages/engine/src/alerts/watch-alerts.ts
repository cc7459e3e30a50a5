import { setTimeout as pause } from 'node:timers/promises';
import { dropLease, takeLease } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { deliverAlerts } from './deliver-alerts.js';
import { raiseAlerts } from './raise-alerts.js';

const duty = 'alerts';

/** A round in which messages are sent; connections are judged in each so many of them. */
const roundSeconds = 15;
const judgedEvery = 4;
/** In rounds: how long the duty stays with who has it. */
const leaseRounds = 3;

/**
 * Judges connections about once a minute and sends what there is to say, until the signal. Runs in every worker; the
 * duty is one worker's at a time, by a lease in Postgres, although two at once would do no harm. It needs no Redis, so
 * that a Redis that is away is told about, too. While it is `held` nothing is judged or sent: a copy of a database would
 * tell of what is another one's business.
 */
export async function watchAlerts(
  ctx: EngineContext,
  signal: AbortSignal,
  held: () => boolean = () => false,
): Promise<void> {
  let round = 0;
  while (!signal.aborted) {
    try {
      if (!held() && (await takeLease(ctx.db, duty, ctx.bootId, roundSeconds * leaseRounds))) {
        if (round % judgedEvery === 0) await raiseAlerts(ctx);
        round += 1;
        await deliverAlerts(ctx, signal);
      }
    } catch (error) {
      ctx.log.warn({ event: 'alert.watch_failed', err: error }, 'looking after alerts did not work this time');
    }
    await pause(roundSeconds * 1_000 * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
  await dropLease(ctx.db, duty, ctx.bootId).catch(() => undefined);
}
