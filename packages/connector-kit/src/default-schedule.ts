/** A schedule that a connection of a connector starts out with. */
export type DefaultSchedule = {
  /** By which operators and the API know it; one word or a few. */
  readonly name: string;
  readonly mode: 'full' | 'incremental';
  /** Entities, with what they depend on; none: all. */
  readonly entities: readonly string[];
} & (
  | {
      /** 60 or more. Connections are spread over the interval, so that they do not all begin in the same second. */
      readonly everySeconds: number;
      /**
       * This is the connector's general sync: how often it comes is the operator's to say for all connections to be
       * (SYNC_INTERVAL_MINUTES), and `everySeconds` is what counts where nobody is asked.
       */
      readonly general?: true;
    }
  | {
      /** Minute, hour, day of month, month, day of week. */
      readonly cron: string;
      /** Such as `America/New_York`. */
      readonly timeZone: string;
      /** The expression's minute gives way to one of the connection's own, so that not all begin in the same one. */
      readonly spread?: true;
    }
);
