/** What may end while it should run. The keeper is the process that watches over the other two. */
export type EmbeddedPart = 'postgres' | 'redis' | 'keeper';

export interface EmbeddedOptions {
  /** Folder that keeps data, logs and downloaded tools, e.g. `/srv/app/.syncline`. Created when missing. */
  home: string;
  /** Bring a Postgres. */
  postgres: boolean;
  /** Bring a Redis. */
  redis: boolean;
  /**
   * Throw the data away when stopped (tests). It then lives in a fresh temporary folder, without the
   * guarantees that survive a power cut; tools are still kept under `home`.
   */
  ephemeral?: boolean;
  /** Told what is being done, one short line each time. */
  onStep?: (line: string) => void;
  /** Told, at most once per part, that it ended although nobody stopped it. */
  onExit?: (part: EmbeddedPart, detail: string) => void;
}

export interface EmbeddedServices {
  /** Set when `postgres` was asked for. */
  databaseUrl?: string;
  /** Set when `redis` was asked for. */
  redisUrl?: string;
  /** Stops the services and waits until they are gone. May be called more than once. Never rejects. */
  stop(): Promise<void>;
}
