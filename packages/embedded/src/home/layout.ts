import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where things lie. `root` is the home itself, or the throw-away folder of an ephemeral run. */
export interface Layout {
  home: string;
  root: string;
  /** Postgres' data; may be a symbolic link to a place that root's stand-in can reach. */
  postgres: string;
  redis: string;
  logs: string;
  /** Programs fetched or built once. Always under the home. */
  tools: string;
  secret(service: 'postgres' | 'redis'): string;
  port(service: 'postgres' | 'redis'): string;
}

/** Names the folders and files of a home, or of a run whose data is thrown away. */
export function layoutOf(home: string, root = home): Layout {
  return {
    home,
    root,
    postgres: join(root, 'postgres'),
    redis: join(root, 'redis'),
    logs: join(root, 'logs'),
    tools: join(home, 'tools'),
    secret: (service) => join(root, `${service}.password`),
    port: (service) => join(root, `${service}.port`),
  };
}

/** A short name for a home, the same at every start. */
export function homeHash(home: string): string {
  return createHash('sha256').update(home).digest('hex').slice(0, 16);
}
