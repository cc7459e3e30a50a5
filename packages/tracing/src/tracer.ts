type SpanKind = 'internal' | 'server' | 'client';

type Value = string | number | boolean | undefined;

/** What a piece of work is about. Ids only. Spans within it are about the same, unless they say otherwise. */
export interface Subject {
  readonly organizationId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly connector?: string | undefined;
  readonly syncJobId?: string | undefined;
  readonly entity?: string | undefined;
  /** Counted from 1 over the whole run. */
  readonly page?: number | undefined;
}

export interface SpanOptions {
  /** `internal` unless told otherwise. */
  readonly kind?: SpanKind;
  readonly subject?: Subject;
  /** By OpenTelemetry's names for attributes. Never contents, bound parameters, query strings or secrets. */
  readonly attributes?: Readonly<Record<string, Value>>;
  /** Whose child it is where nothing is under way, as W3C writes it. */
  readonly otherwise?: string;
  /** A trace that it leads to, as W3C writes it. */
  readonly leadsTo?: string;
}

export interface Span {
  set(attributes: Readonly<Record<string, Value>>): void;
}

/** A span whose beginning and end are in different places. */
export interface OpenSpan extends Span {
  rename(name: string): void;
  about(subject: Subject): void;
  /** Runs `work` in it: what begins there is its child. */
  within<T>(work: () => T): T;
  end(failed: boolean): void;
}

/** What carries out the functions below, where tracing is on. */
export interface Tracer {
  inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** Only within a span that has not ended. What polls in the background would make a trace each time. */
  inChildSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  /** `traceparent`: whose child it is, as W3C writes it. What cannot be read counts for nothing. */
  open(name: string, options: SpanOptions, traceparent?: string): OpenSpan;
  detached<T>(work: () => T): T;
  traceId(): string | undefined;
}

const silent: Span = { set: () => undefined };

let tracer: Tracer | undefined;

/** Switches tracing on for this process, for good; before anything else is opened, for some decide when they open. */
export function traceWith(given: Tracer): void {
  tracer = given;
}

export function isTracing(): boolean {
  return tracer !== undefined;
}

/**
 * Does `work` as a span of the trace that is under way, or of a new one. What it throws is thrown on; of an error the span
 * keeps the code or the name, never the message, which may quote a vendor or a row. Without tracing: calls `work`.
 */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer === undefined ? work(silent) : tracer.inSpan(name, options, work);
}

/** The same, where a span is under way; elsewhere it only calls `work`. */
export function inChildSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  return tracer === undefined ? work() : tracer.inChildSpan(name, options, work);
}

/** Begins a span that somebody else ends. Undefined without tracing. */
export function openSpan(name: string, options: SpanOptions, traceparent?: string): OpenSpan | undefined {
  return tracer?.open(name, options, traceparent);
}

/**
 * The trace of what is done for a sync job after the queue has lost it, and with it the trace that it began in: its id is
 * the job's, so that whoever finds the job in Postgres goes on in the same one, and whoever looks for it finds it.
 */
export function traceOfJob(syncJobId: string): string {
  const id = syncJobId.replaceAll('-', '');
  return `00-${id}-${id.slice(16)}-01`;
}

/** Does what outlives its cause (a loop that somebody's request has started) outside of the trace under way. */
export function detached<T>(work: () => T): T {
  return tracer === undefined ? work() : tracer.detached(work);
}

/** The trace under way, 32 hex digits; undefined outside of one, and without tracing. */
export function currentTraceId(): string | undefined {
  return tracer?.traceId();
}
