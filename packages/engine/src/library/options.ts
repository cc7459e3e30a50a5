import type { Connector } from '@syncline/connector-kit';
import type { RedisTls } from '@syncline/queue';
import type { Logger } from 'pino';

export interface SynclineOptions {
  /** `postgres://…`, 14 or later. */
  readonly databaseUrl: string;
  /** Schema that all tables are in. Default: the role's own, which is `public` unless somebody changed it. */
  readonly schema?: string | undefined;
  /**
   * `redis://…` or `rediss://…`, 6.2 or later, with maxmemory-policy noeviction. Behind Sentinels
   * `redis+sentinel://host,host/master`, of a Cluster `redis+cluster://host,host`.
   */
  readonly redisUrl: string;
  /** Certificates for a Redis with TLS, as PEM files, where those that Node knows are not enough. */
  readonly redisTls?: RedisTls | undefined;
  /** In front of every key in Redis; that of the workers, where there are some. Default `{syncline}`. */
  readonly redisPrefix?: string | undefined;
  /** For stored credentials: 32 bytes in base64 or hex, that of the workers. Several, newest first, while keys change. */
  readonly encryptionKey: string | readonly string[];
  /** What can be synced: `connectors` of `@syncline/connectors`, or of these the ones that are used. */
  readonly connectors: readonly Connector[];
  /**
   * `true`: this program does the work itself, and needs no worker. Whatever else is queued in this installation is worked
   * on as well while it runs. `false`: it only asks for syncs and follows them; workers do them. Default true.
   */
  readonly work?: boolean | undefined;
  /** Entity runs of one queue that are worked on at once. Default 5. */
  readonly concurrency?: number | undefined;
  /** Brings the tables up to date first. Default false: an old schema is refused. */
  readonly migrate?: boolean | undefined;
  /** Whose connections these are, by the organization's slug; made where there is none. Default `default`. */
  readonly organization?: string | undefined;
  /** `host:port` that may be reached although it is private or speaks plain http. Default none. */
  readonly egressAllow?: readonly string[] | undefined;
  /** What this program is called in the history of syncs, in the audit log and in pg_stat_activity. Default `library`. */
  readonly name?: string | undefined;
  /** What happens meanwhile. Secrets are struck out, records are never logged. Default: nothing is logged. */
  readonly log?: Logger | undefined;
}
