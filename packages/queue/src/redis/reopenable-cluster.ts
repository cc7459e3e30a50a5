import type { Cluster } from 'ioredis';

/**
 * Lets a connection to a Cluster, and every duplicate of it, be closed and opened again while a master is lost. BullMQ does
 * so with a worker's connection whenever an answer is overdue, and waits for both: without this, the worker would take no
 * job of that queue any more, and nothing would say so. Two things of ioredis are in the way:
 *
 * - A node answers that a slot is somewhere else now, while the connection closes. The node that the answer names is taken
 *   up, never connected to, and its end is waited for without end.
 * - The Cluster is not whole yet when the connection opens. It is tried again, but who waits for the first try hears nothing
 *   of it.
 */
export function reopenable(cluster: Cluster): Cluster {
  const follow = cluster.handleError.bind(cluster);
  const duplicate = cluster.duplicate.bind(cluster);
  cluster.handleError = (error, ttl, handlers) => {
    const leads = /^(MOVED|ASK) /.test(error.message);
    // The command is kept until there is a connection again, and refused if there will be none.
    if (leads && cluster.status !== 'ready') (handlers as { tryagain: () => void }).tryagain();
    else follow(error, ttl, handlers);
  };
  const open = cluster.connect.bind(cluster);
  cluster.connect = () =>
    new Promise<void>((resolve, reject) => {
      const settle = (settled: () => void) => {
        cluster.off('ready', ready);
        cluster.off('end', ended);
        settled();
      };
      const ready = () => settle(resolve);
      const ended = () => {
        // One that was asked for before may be told of only now.
        if (cluster.status === 'end') settle(() => reject(new Error('Connection is closed.')));
      };
      cluster.on('ready', ready).on('end', ended);
      open().then(ready, (error: unknown) => settle(() => reject(error)));
    });
  cluster.duplicate = ((...given: Parameters<typeof duplicate>) =>
    reopenable(duplicate(...given))) as typeof cluster.duplicate;
  return cluster;
}
