const names = new Set(['MaxRetriesPerRequestError', 'ReplyError', 'ClusterAllFailedError', 'ConnectionClosedError']);

/** Whether an error was thrown by the Redis client. It has no class of its own for a connection that is away. */
export function isRedisError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return names.has(error.name) || /^Connection is closed|enableOfflineQueue/.test(error.message);
}
