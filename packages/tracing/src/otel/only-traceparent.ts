import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

const w3c = new W3CTraceContextPropagator();
const fields = ['traceparent'];

/**
 * Carries a trace from one process to the next by its ids alone. `tracestate` and `baggage` are free text of whoever
 * called; they would end in Redis, beside the queued jobs.
 */
export const onlyTraceparent: TextMapPropagator = {
  fields: () => fields,
  inject: (context: Context, carrier: unknown, setter: TextMapSetter) =>
    w3c.inject(context, carrier, {
      set: (to, key, value) => {
        if (fields.includes(key)) setter.set(to, key, value);
      },
    }),
  extract: (context: Context, carrier: unknown, getter: TextMapGetter) =>
    w3c.extract(context, carrier, {
      keys: () => fields,
      get: (from, key) => (fields.includes(key) ? getter.get(from, key) : undefined),
    }),
};
