import { Agent } from 'undici';
import type { AllowList } from '../egress/allow-list.js';
import { guardedConnector } from '../egress/connector.js';
import type { Resolve } from '../egress/resolve-public.js';

/**
 * The connections of one road.
 *
 * A request that undici queues behind a busy connection is not counted by its timeouts and not ended by its signal, so
 * there are more connections than a worker has jobs, and never two requests in one pipe. An idle connection is closed
 * before common servers close it (5 s and up): a request sent into a connection that is just being closed fails.
 */
export function createAgent(allow: AllowList, resolve: Resolve): Agent {
  return new Agent({
    connect: guardedConnector(allow, resolve),
    connections: 128,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 30_000,
  });
}
