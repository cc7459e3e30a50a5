import type { QueueOptions } from 'bullmq';

type Telemetry = NonNullable<QueueOptions['telemetry']>;
type Span = ReturnType<Telemetry['tracer']['startSpan']>;

/**
 * What becomes a span: a job that is added or processed. BullMQ also offers its own housekeeping (asking for the next job,
 * renewing locks, looking for stalled ones): several traces a second of an idle worker.
 */
const told = /^(process|add|addFlow|addNode) /;

let telemetry: Telemetry | undefined;

/**
 * Has BullMQ make spans, and carry the trace with each job, from now on: queues and workers that were opened before do
 * not. OpenTelemetry's SDK has to be there already.
 */
export async function traceQueues(): Promise<void> {
  const { BullMQOtel } = await import('bullmq-otel');
  const { tracer, contextManager } = new BullMQOtel({ tracerName: 'syncline' });
  telemetry = {
    contextManager,
    tracer: {
      startSpan: (name, options, context) =>
        told.test(name) ? reticent(tracer.startSpan(name, options, context)) : none,
    },
  };
}

/** For the options of a queue, a worker or a producer: nothing where nobody traces. */
export function traced(): { readonly telemetry?: Telemetry } {
  return telemetry === undefined ? {} : { telemetry };
}

const none: Span = {
  setSpanOnContext: (context) => context,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  addEvent: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
};

/** Keeps what errors and jobs say to themselves: a message may quote what a vendor or Postgres said. */
function reticent(span: Span): Span {
  return {
    setSpanOnContext: (context) => span.setSpanOnContext(context),
    setAttribute: (key, value) => span.setAttribute(key, value),
    setAttributes: (attributes) => span.setAttributes(attributes),
    addEvent: (name) => span.addEvent(name),
    recordException: (exception) => {
      const name = typeof exception === 'object' ? exception.name : undefined;
      span.setAttribute('error.type', name ?? 'Error');
    },
    end: () => span.end(),
  };
}
