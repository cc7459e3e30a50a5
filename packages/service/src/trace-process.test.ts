import { parseEnvironment } from '@syncline/config';
import { expect, test } from 'vitest';
import { wantsTraces } from './trace-process.js';

const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

test.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  [{ OTEL_SERVICE_NAME: 'crm', OTEL_TRACES_SAMPLER: 'always_on' }, false],
  [collector, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, true],
  [{ ...collector, OTEL_TRACES_EXPORTER: 'none' }, false],
  [{ ...collector, OTEL_SDK_DISABLED: 'true' }, false],
  [{ ...collector, OTEL_SDK_DISABLED: 'false' }, true],
])('an environment with %o traces: %s', (environment, wanted) => {
  expect(wantsTraces(parseEnvironment(environment))).toBe(wanted);
});
