import { type Checks, type ListenAt, openStatusServer, type StatusServer, told } from '@syncline/service';
import type { Logger } from 'pino';

/** Whether this worker takes jobs: not before all that it needs was there, and no longer once it has been told to stop. */
export type WorkPhase = 'starting' | 'ok' | 'stopping';

export interface WorkerStatusOptions extends ListenAt {
  /** The checks that every process makes. */
  readonly ready: () => Promise<Checks>;
  readonly phase: () => WorkPhase;
  readonly log: Logger;
}

/**
 * Tells how a worker is: `GET /healthz` says that the process lives, `GET /readyz` whether it can work. It listens from
 * the beginning of the start on, so that a probe does not take a worker that waits for Postgres for a dead one.
 *
 * Throws StartError when the address cannot be had.
 */
export function openWorkerStatus(options: WorkerStatusOptions): Promise<StatusServer> {
  const { ready, phase, log } = options;
  return openStatusServer(
    {
      '/healthz': async () => told(200, { status: 'ok' }),
      '/readyz': async () => {
        const checks = { ...(await ready()), work: phase() };
        const ok = Object.values(checks).every((result) => result === 'ok');
        return told(ok ? 200 : 503, { status: ok ? 'ok' : 'unavailable', checks });
      },
    },
    options,
    log,
  );
}
