export { bearerToken, secretCheck } from './bearer.js';
export { createLog } from './create-log.js';
export { type ListenAt, listen } from './listen.js';
export { type MetricsDoor, metricsAreOff, openMetricsDoor } from './metrics-door.js';
export { prepareOrganization } from './prepare-organization.js';
export { type Checks, readiness } from './readiness.js';
export { runService } from './run-service.js';
export { exitCodes, StartError } from './start-error.js';
export {
  awaitUsableRedis,
  explainedStart,
  openPatientRedis,
  type RedisEnvironment,
  redisTlsOf,
  startErrorOf,
} from './start-redis.js';
export { openStatusServer, type StatusServer, said, told } from './status-server.js';
export { version } from './version.js';
