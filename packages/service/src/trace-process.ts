import type { Environment } from '@syncline/config';
import { traceQueues } from '@syncline/queue';
import { startTracing, type Tracing } from '@syncline/tracing';

type Variables = Pick<
  Environment<never>,
  'OTEL_SDK_DISABLED' | 'OTEL_TRACES_EXPORTER' | 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
>;

/**
 * Whether the environment asks for traces: it names a collector, or the exporter (then the collector is on this machine),
 * and does not say no.
 */
export function wantsTraces(environment: Variables): boolean {
  if (environment.OTEL_SDK_DISABLED || environment.OTEL_TRACES_EXPORTER === 'none') return false;
  return (
    environment.OTEL_TRACES_EXPORTER === 'otlp' ||
    environment.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined ||
    environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined
  );
}

/** Switches tracing on where the environment asks for it; undefined where it does not. Before anything is opened. */
export async function traceProcess(
  environment: Variables,
  name: string,
  bootId: string,
  onError: (error: Error) => void,
): Promise<Tracing | undefined> {
  if (!wantsTraces(environment)) return undefined;
  const tracing = await startTracing({ serviceName: `syncline-${name}`, instanceId: bootId, onError });
  await traceQueues();
  return tracing;
}
