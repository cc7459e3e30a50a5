export interface StartTracingOptions {
  /** The service's name, unless OTEL_SERVICE_NAME says another. */
  readonly serviceName: string;
  /** Random for each start of a process. */
  readonly instanceId: string;
  /** Called with what went wrong on the way to the collector; often, while it is away. */
  readonly onError: (error: Error) => void;
}

export interface Tracing {
  /** Sends what is still held, and ends. A collector that is away is given up after `ms`. */
  stop(ms: number): Promise<void>;
}
