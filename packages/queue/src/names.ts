/** Every key of ours lies below one prefix; the braces keep them in one slot of a Redis Cluster. */
export const defaultPrefix = '{syncline}';

/** The queue of the step that ends a job. */
export const finishQueue = 'sync-finish';

/** Each entity of each connector has its own queue. */
export function entityQueue(connector: string, entity: string): string {
  return `${connector}-${entity}`;
}

/**
 * The id of a flow's node. Made from the job's own id, so that no two flows share a node, and from the round, so that a
 * flow laid out anew does not meet nodes of the one before.
 */
export function nodeId(syncJobId: string, round: number, step: string): string {
  return `${syncJobId}-${round}-${step}`;
}
