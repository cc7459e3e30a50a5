import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Tracer } from '../tracer.js';
import type { StartTracingOptions, Tracing } from '../tracing-options.js';
import { createTracer } from './create-tracer.js';
import { onlyTraceparent } from './only-traceparent.js';

/** Makes OpenTelemetry's SDK the one of this process: where spans go, how many wait, how contexts are carried. */
export function openOtel(options: StartTracingOptions): Tracing & { readonly tracer: Tracer } {
  tellErrors(options.onError);
  const named = resourceFromAttributes({
    'service.namespace': 'syncline',
    'service.name': options.serviceName,
    'service.instance.id': options.instanceId,
  });
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(named)
      .merge(detectResources({ detectors: [envDetector] })),
    // Holds 2,048 spans at most, and drops what comes then: a collector that is away costs nothing but spans.
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register({ propagator: onlyTraceparent });
  return {
    tracer: createTracer(provider.getTracer('syncline')),
    stop: async (ms) => {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), patience]);
      clearTimeout(timer);
    },
  };
}

/** The SDK tells its troubles to nobody unless somebody listens. */
function tellErrors(onError: (error: Error) => void): void {
  const tell = (message: string, ...more: readonly unknown[]) => onError(new Error(troubleOf([message, ...more])));
  const nothing = () => undefined;
  const logger = { error: tell, warn: nothing, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
}

/** What an exporter says is an error as JSON, stack included; an endpoint's password could be in there. */
function troubleOf(said: readonly unknown[]): string {
  const text = said.map((one) => (one instanceof Error ? one.message : String(one))).join(' ');
  const code = /\b(E[A-Z]{4,}|UND_ERR_\w+)\b/.exec(text)?.[0];
  const status = /"code":"?(\d{3})\b/.exec(text)?.[1];
  return `spans could not be sent${code || status ? ` (${code ?? status})` : ''}`;
}
