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

/** Whether this worker takes jobs: not before all that it needs was there, and no longer once it has been told to stop. */
export type WorkPhase = 'starting' | 'ok' | 'stopping';

export interface WorkerStatusOptions extends ListenAt {
  /** The checks that every process makes. */
  readonly ready: () => Promise<Checks>;
  readonly phase: () => WorkPhase;
  /** Missing where nothing is measured. */
  readonly metricsDoor?: MetricsDoor | undefined;
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
  const { ready, phase, metricsDoor, log } = options;
  return openStatusServer(
    {
      '/healthz': async () => told(200, { status: 'ok' }),
      '/readyz': async () => {
        const checks = { ...(await ready()), work: phase() };
        const ok = Object.values(checks).every((result) => result === 'ok');
        return told(ok ? 200 : 503, { status: ok ? 'ok' : 'unavailable', checks });
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
