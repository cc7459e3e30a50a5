export { metrics, type ReconcilerAction, type Source, sources } from './metrics.js';
export { type MetricsOptions, type OpenMetrics, openMetrics } from './open-metrics.js';
export type { GaugeName, Reading, Recorder } from './recorder.js';
