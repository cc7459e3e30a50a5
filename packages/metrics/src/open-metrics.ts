import type { Counter, Gauge, Histogram } from 'prom-client';
import type { Definition } from './definition.js';
import { metrics } from './metrics.js';
import type { Recorder } from './recorder.js';

/** The metrics of one process. */
export interface OpenMetrics {
  readonly recorder: Recorder;
  /** Of `text`. */
  readonly contentType: string;
  /** All of them as Prometheus reads them. Does not reject: what cannot be read is absent. */
  text(): Promise<string>;
  close(): void;
}

export interface MetricsOptions {
  readonly service: 'api' | 'worker';
  readonly version: string;
  /** Whose counters are there from the start on. */
  readonly connectors: readonly KnownConnector[];
}

interface KnownConnector {
  readonly id: string;
  readonly entities: readonly { readonly name: string }[];
}

type Read = () => readonly AnyReading[] | Promise<readonly AnyReading[]>;
type AnyReading = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** How often the delay of the event loop is looked at: rarely enough that a process at rest stays at rest. */
const loopPrecisionMs = 20;

/**
 * Makes the metrics that a process of this kind tells, in a registry of its own, beside those of Node and the process
 * itself. Only here prom-client is loaded: whoever does not call this does not pay for it.
 */
export async function openMetrics({ service, version, connectors }: MetricsOptions): Promise<OpenMetrics> {
  const prom = await import('prom-client');
  const registry = new prom.Registry();
  prom.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopPrecisionMs });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const reads = new Map<string, Read>();

  for (const [name, definition] of Object.entries<Definition>(metrics)) {
    if (!isTold(definition, service)) continue;
    const { help, labels } = definition;
    const common = { name, help, labelNames: Object.keys(labels), registers: [registry] };
    const known = combinations(labels, connectors);
    switch (definition.type) {
      case 'counter': {
        const counter = new prom.Counter(common);
        // From the start on: of a series that begins with its first event, Prometheus does not see that one.
        for (const one of known) counter.inc(one, 0);
        counters.set(name, counter);
        break;
      }
      case 'histogram':
        histograms.set(name, new prom.Histogram({ ...common, buckets: [...(definition.buckets ?? [])] }));
        break;
      case 'gauge':
        new prom.Gauge({
          ...common,
          async collect() {
            await fill(this, reads.get(name), known);
          },
        });
    }
  }
  const recorder: Recorder = {
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels as Record<string, string>, by),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels as Record<string, string>, value),
    watch: (name, read) => void reads.set(name, read as Read),
  };
  recorder.watch('syncline_build_info', () => [{ labels: { service, version }, value: 1 }]);
  return {
    recorder,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close: () => registry.clear(),
  };
}

function isTold({ told }: Definition, service: 'api' | 'worker'): boolean {
  return told === 'both' || told === service || (told === 'fleet' && service === 'api');
}

/** A gauge as it is now; absent when that cannot be had, so that nobody takes an old number for a new one. */
async function fill(gauge: Gauge, read: Read | undefined, known: readonly Record<string, string>[]): Promise<void> {
  let readings: readonly AnyReading[] | undefined;
  try {
    readings = await read?.();
  } catch {
    // Whoever reads says so itself, and the other metrics are told all the same.
  }
  gauge.reset();
  if (readings === undefined) {
    // One without labels is 0 after a reset, which would be a statement.
    if (known.length === 1 && Object.keys(known[0] ?? {}).length === 0) gauge.remove();
    return;
  }
  // Those that nobody has counted, too: a series that comes and goes cannot be alerted on.
  for (const labels of known) gauge.set(labels, 0);
  for (const { labels, value } of readings) gauge.set(labels, value);
}

/** Every set of labels that there can be, as far as their values are known; none where some are not. */
function combinations(labels: Definition['labels'], connectors: readonly KnownConnector[]): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [name, listed] of Object.entries(labels)) {
    all = all.flatMap((one) => valuesOf(name, listed, one, connectors).map((value) => ({ ...one, [name]: value })));
  }
  return all;
}

function valuesOf(
  name: string,
  listed: readonly string[] | string,
  before: Readonly<Record<string, string>>,
  connectors: readonly KnownConnector[],
): readonly string[] {
  if (typeof listed !== 'string') return listed;
  if (name === 'connector') return connectors.map(({ id }) => id);
  const of = connectors.find(({ id }) => id === before['connector']);
  return name === 'entity' && of !== undefined ? of.entities.map((entity) => entity.name) : [];
}
