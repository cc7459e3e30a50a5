import { within } from '@syncline/engine';
import {
  type Checks,
  type ListenAt,
  type MetricsDoor,
  metricsAreOff,
  openStatusServer,
  type StatusServer,
  said,
  told,
} from '@syncline/service';
import type { Logger } from 'pino';

const holdsMs = 1_000;

/**
 * Whether this worker takes jobs: not before all that it needs was there, and no longer once it has been told to stop.
 * `held`: it looks by itself, every few seconds, whether Postgres and Redis belong together, and has not seen yet that they do.
 */
export type WorkPhase = 'starting' | 'held' | 'ok' | 'stopping';

export interface WorkerStatusOptions extends ListenAt {
  /** The checks that every process makes. */
  readonly ready: () => Promise<Checks>;
  readonly phase: () => WorkPhase;
  /** Missing where nothing is measured. */
  readonly metricsDoor?: MetricsDoor | undefined;
  /** Queues that this worker should take jobs of, and does not. */
  readonly deadQueues: () => readonly string[];
  /** What stands still because somebody wants it so. Asked where all is well; what it throws is not told. */
  readonly holds: () => Promise<readonly string[]>;
  readonly log: Logger;
}

/**
 * Tells how a worker is: `GET /healthz` says that the process lives, `GET /readyz` whether it can work,
 * `GET /metrics` what it does, to whoever has the token. It listens from the beginning of the start on, so that a probe
 * does not take a worker that waits for Postgres for a dead one.
 *
 * Throws StartError when the address cannot be had.
 */
export function openWorkerStatus(options: WorkerStatusOptions): Promise<StatusServer> {
  const { ready, phase, deadQueues, holds, metricsDoor, log } = options;
  return openStatusServer(
    {
      '/healthz': async () => told(200, { status: 'ok' }),
      '/readyz': async () => {
        const dead = deadQueues();
        const work = phase() === 'ok' && dead.length > 0 ? `takes nothing of ${dead.join(', ')}: restart it` : phase();
        // Nobody has to wait for services to hear that a worker stops.
        if (work === 'stopping') return told(503, { status: 'unavailable', checks: { work } });
        const checks = { ...(await ready()), work };
        const ok = Object.values(checks).every((result) => result === 'ok');
        if (!ok) return told(503, { status: 'unavailable', checks });
        const held = await within(holdsMs, holds(), () => new Error('late')).catch(() => []);
        return told(200, { status: 'ok', checks, ...(held.length > 0 && { holds: held }) });
      },
      '/metrics': async ({ headers }) => {
        if (metricsDoor === undefined) return said(404, `${metricsAreOff}.`);
        if (!metricsDoor.isAllowed(headers.authorization)) {
          const refusal = said(401, 'This takes the token of SYNCLINE_METRICS_TOKEN, and no other.');
          return { ...refusal, headers: { 'www-authenticate': 'Bearer' } };
        }
        return { status: 200, type: metricsDoor.contentType, body: await metricsDoor.text() };
      },
    },
    options,
    log,
  );
}
