import type { Layout } from './home/layout.js';
import type { Identity } from './process/identity.js';
import type { ServiceProcess, ServiceSpec } from './process/service-process.js';

/** What a service needs to know to be started. */
export interface ServiceScene {
  readonly layout: Layout;
  /** Whom services run as when we are root; undefined when they run as ourselves. */
  readonly identity: Identity | undefined;
  readonly ephemeral: boolean;
  /** Aborted when the services are to be stopped, also in the middle of their start. */
  readonly signal: AbortSignal;
  onStep(line: string): void;
  /** Spawns a service that is stopped with all others. Rejects once stopping has begun. */
  launch(spec: ServiceSpec): Promise<ServiceProcess>;
}

/** A service that answers. */
export interface StartedService {
  url: string;
  service: ServiceProcess;
}
