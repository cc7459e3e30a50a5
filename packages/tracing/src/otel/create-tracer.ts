import {
  type Context,
  context,
  createContextKey,
  type Link,
  type Tracer as OtelTracer,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { SpanOptions, Subject, Tracer } from '../tracer.js';

const kinds = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT };

const subjectKey = createContextKey('what it is about');

/** Our words for spans, carried out by OpenTelemetry. */
export function createTracer(otel: OtelTracer): Tracer {
  const begin = (name: string, options: SpanOptions, parent: Context) => {
    const { kind = 'internal', subject, attributes, leadsTo } = options;
    const about = { ...(parent.getValue(subjectKey) as Subject | undefined), ...subject };
    const links = linksTo(leadsTo);
    const told = { ...attributesOf(about), ...attributes };
    const span = otel.startSpan(name, { kind: kinds[kind], attributes: told, links }, parent);
    return { span, ctx: trace.setSpan(parent, span).setValue(subjectKey, about) };
  };
  const inSpan: Tracer['inSpan'] = async (name, options, work) => {
    const active = context.active();
    const isUnderWay = options.otherwise === undefined || trace.getSpan(active) !== undefined;
    const { span, ctx } = begin(name, options, isUnderWay ? active : contextOf(options.otherwise));
    try {
      return await context.with(ctx, () => work({ set: (attributes) => void span.setAttributes(attributes) }));
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  };
  return {
    inSpan,
    inChildSpan: (name, options, work) =>
      trace.getActiveSpan()?.isRecording() === true ? inSpan(name, options, work) : work(),
    open: (name, options, traceparent) => {
      const opened = begin(name, options, contextOf(traceparent));
      const { span } = opened;
      let { ctx } = opened;
      return {
        set: (attributes) => void span.setAttributes(attributes),
        rename: (to) => void span.updateName(to),
        about: (subject) => {
          span.setAttributes(attributesOf(subject));
          ctx = ctx.setValue(subjectKey, { ...(ctx.getValue(subjectKey) as Subject | undefined), ...subject });
        },
        within: (work) => context.with(ctx, work),
        end: (failed) => {
          if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    detached: (work) => context.with(ROOT_CONTEXT, work),
    traceId: () => {
      const id = trace.getActiveSpan()?.spanContext().traceId;
      return id === undefined || /^0+$/.test(id) ? undefined : id;
    },
  };
}

/** What cannot be read counts for nothing. */
function contextOf(traceparent: string | undefined): Context {
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}

function linksTo(traceparent: string | undefined): Link[] {
  const there = trace.getSpanContext(contextOf(traceparent));
  return there === undefined ? [] : [{ context: there }];
}

function attributesOf(subject: Subject): Record<string, string | number | undefined> {
  return {
    'syncline.organization_id': subject.organizationId,
    'syncline.connection_id': subject.connectionId,
    'syncline.connector': subject.connector,
    'syncline.sync_job_id': subject.syncJobId,
    'syncline.entity': subject.entity,
    'syncline.page': subject.page,
  };
}

/** By code or name. A message may quote what a vendor or Postgres said. */
function markFailed(span: Span, error: unknown): void {
  const { code, name } =
    error instanceof Error ? (error as Error & { code?: unknown }) : { code: undefined, name: 'Error' };
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', typeof code === 'string' ? code : name);
}
