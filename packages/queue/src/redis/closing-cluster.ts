import type { Cluster } from 'ioredis';

/**
 * Lets a connection to a Cluster, and every duplicate of it, close also when a node answers at that moment that a slot is
 * somewhere else now.
 *
 * ioredis takes up the node that the answer names even while it closes, never connects to it, and waits without end for it
 * to be gone. BullMQ closes and opens a worker's connection whenever an answer is overdue, which is when a master is lost:
 * without this, the worker would take no job of that queue any more, and nothing would say so.
 */
export function closable(cluster: Cluster): Cluster {
  const follow = cluster.handleError.bind(cluster);
  const duplicate = cluster.duplicate.bind(cluster);
  cluster.handleError = (error, ttl, handlers) => {
    const leads = /^(MOVED|ASK) /.test(error.message);
    // The command is kept until there is a connection again, and refused if there will be none.
    if (leads && cluster.status !== 'ready') (handlers as { tryagain: () => void }).tryagain();
    else follow(error, ttl, handlers);
  };
  cluster.duplicate = ((...given: Parameters<typeof duplicate>) =>
    closable(duplicate(...given))) as typeof cluster.duplicate;
  return cluster;
}
