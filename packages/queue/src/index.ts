export {
  type Consumer,
  type ConsumerOptions,
  consume,
  type Turn,
  type UnreadableStep,
  type Verdict,
} from './consumer.js';
export { consumeDeadLetters, type DeadLetter, type DeadLetters, openDeadLetters } from './dead-letter.js';
export { type FlowPlan, type Flows, openFlows } from './flow.js';
export { type FoundMark, type Mark, type Marks, openMarks } from './mark.js';
export {
  deadLetterQueue,
  defaultPrefix,
  entityQueue,
  finishQueue,
  nodeId,
  readNodeId,
  recoveryQueue,
  refetchQueue,
  scheduleQueue,
  verifyQueue,
} from './names.js';
export type { StepPayload } from './payload.js';

export { openQueues, type QueueCounts, type Queues, type Standing } from './queues.js';
export { unlessRefused } from './redis/explain-redis-error.js';
export { keysBelow } from './redis/keys-below.js';
export { type OpenRedisOptions, openRedis, type RedisClient } from './redis/open-redis.js';
export { hostsOf, parseRedisAddress, RedisSetupError } from './redis/redis-address.js';
export { type RedisFacts, readRedisFacts } from './redis/redis-facts.js';
export type { RedisTls } from './redis/redis-tls.js';
export { requireNoEviction, requireUsableRedis } from './redis/require-usable.js';

export { consumeSchedules, type NextRun, openSchedules, type Repeat, type Schedules } from './schedules.js';
export { traceQueues } from './telemetry.js';
export {
  consumeRecovery,
  consumeRefetches,
  consumeVerifications,
  openRecovery,
  openRefetches,
  openVerifications,
  type WakeUpPayload,
  type WakeUps,
  type WakeUpTarget,
} from './wake-ups.js';
