import { type MetricsOptions, type OpenMetrics, openMetrics } from '@syncline/metrics';
import { bearerToken, secretCheck } from './bearer.js';
import { version } from './version.js';

/** A process' metrics, and who may read them. */
export interface MetricsDoor extends OpenMetrics {
  /** Whether an Authorization header has the token. In a time that says nothing about how much of it was right. */
  isAllowed(authorization: string | undefined): boolean;
}

/** What /metrics says where there is no token. */
export const metricsAreOff =
  'Metrics are off: set SYNCLINE_METRICS_TOKEN, of 16 characters or more, and start this process again';

/** Begins to measure, if there is a token to read it with. Undefined without one: then nothing is loaded, and nothing measured. */
export async function openMetricsDoor(
  token: string | undefined,
  options: Omit<MetricsOptions, 'version'>,
): Promise<MetricsDoor | undefined> {
  if (token === undefined) return undefined;
  const isToken = secretCheck(token);
  return {
    ...(await openMetrics({ ...options, version })),
    isAllowed: (authorization) => isToken(bearerToken(authorization) ?? ''),
  };
}
