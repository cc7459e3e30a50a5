import { traceWith } from './tracer.js';
import type { StartTracingOptions, Tracing } from './tracing-options.js';

/**
 * Switches tracing on for this process: spans go by OTLP over HTTP to where OTEL_EXPORTER_OTLP_ENDPOINT points, and all
 * other OTEL_ variables that the SDK knows are its business. To be called before anything else is opened.
 *
 * The SDK is only loaded here: in a process that does not trace it is not even parsed.
 */
export async function startTracing(options: StartTracingOptions): Promise<Tracing> {
  const { openOtel } = await import('./otel/open-otel.js');
  const otel = openOtel(options);
  traceWith(otel.tracer);
  return { stop: otel.stop };
}
