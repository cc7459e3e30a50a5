export { type Consumer, type ConsumerOptions, consume, type Turn, type Verdict } from './consumer.js';
export { type FlowPlan, type Flows, openFlows } from './flow.js';
export { defaultPrefix, entityQueue, finishQueue, nodeId } from './names.js';
export type { StepPayload } from './payload.js';
export { openQueues, type Queues, type Standing } from './queues.js';
export { type OpenRedisOptions, openRedis, requireNoEviction } from './redis.js';
