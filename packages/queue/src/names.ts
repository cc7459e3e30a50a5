/** Every key of ours lies below one prefix; the braces keep them in one slot of a Redis Cluster. */
export const defaultPrefix = '{syncline}';

/** The queue of the step that ends a job. */
export const finishQueue = 'sync-finish';

/** The queue in which failed items get another try. */
export const recoveryQueue = 'sync-recovery';

/** The queue in which records that webhooks told of are asked for again. */
export const refetchQueue = 'sync-webhooks';

/** The queue in which a vendor's records are held against the rows. */
export const verifyQueue = 'sync-verify';

/** The queue of what was given up; its failed jobs are what an operator has to look at. */
export const deadLetterQueue = 'dead-letter';

/** The queue whose jobs say that a schedule is due. */
export const scheduleQueue = 'sync-schedules';

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

/** What a node's id was made of; undefined when it is none. */
export function readNodeId(id: string): { syncJobId: string; round: number; step: string } | undefined {
  const [, syncJobId, round, step] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d+)-(.+)$/.exec(id) ?? [];
  if (syncJobId === undefined || step === undefined) return undefined;
  return { syncJobId, round: Number(round), step };
}
