export { startTracing } from './start-tracing.js';
export {
  currentTraceId,
  detached,
  inChildSpan,
  inSpan,
  isTracing,
  type OpenSpan,
  openSpan,
  type Span,
  type SpanOptions,
  type Subject,
  traceOfJob,
} from './tracer.js';
export type { StartTracingOptions, Tracing } from './tracing-options.js';
