export type { CircuitState } from './breaker/circuits.js';
export type { BudgetUse } from './budget/budget.js';
export { checkEgress } from './egress/check-egress.js';
export { reachHost } from './egress/reach-host.js';
export type { LaneOptions, RoadOptions } from './options.js';
export type { PostRequest } from './post-once.js';
export { createRoad, type Road } from './road.js';
