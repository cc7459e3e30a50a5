/**
 * What Bull Board may do to queues besides looking. A list of what is allowed, so that an action which a new release
 * brings is denied until somebody has thought about it.
 *
 * Denied on purpose is all that removes jobs (clean, empty, obliterate, remove-unprocessed-children): nearly every queue
 * here is part of flows, and removing a failed child releases its parent as if the child had never been there; a dead
 * letter stays until what it is about is settled. So are adding jobs and editing their data: what there is to do stands
 * in Postgres.
 */
const allowed: ReadonlySet<string> = new Set([
  'put /api/queues/pause',
  'put /api/queues/resume',
  'put /api/queues/:queueName/pause',
  'put /api/queues/:queueName/resume',
  'put /api/queues/:queueName/concurrency',
  'put /api/queues/:queueName/promote',
  'put /api/queues/:queueName/retry/:queueStatus',
  'put /api/queues/:queueName/:jobId/promote',
  'put /api/queues/:queueName/:jobId/retry',
]);

interface Action {
  readonly method: string;
  /** As Bull Board declares it, with its parameters. */
  readonly route: string;
  readonly params: Readonly<Record<string, string | undefined>>;
}

export function isAllowed({ method, route, params }: Action): boolean {
  if (method.toLowerCase() === 'get') return true;
  if (!allowed.has(`${method.toLowerCase()} ${route}`)) return false;
  // Running what has succeeded once more is not a repair.
  return params['queueStatus'] === undefined || params['queueStatus'] === 'failed';
}
