import { connectors } from '@syncline/connectors';
import { allEntities, recoveryPolicy } from '@syncline/engine';
import { createRoad } from '@syncline/http';
import {
  entityQueue,
  finishQueue,
  openDeadLetters,
  openFlows,
  openMarks,
  openQueues,
  openRecovery,
  openRedis,
  openRefetches,
  openVerifications,
} from '@syncline/queue';
import { createLog } from '@syncline/service';
import { createVault, openDatabase } from '@syncline/store';
import type { ApiContext } from '../src/api-context.js';
import { requestCounter } from '../src/limits/request-counter.js';

export const adminKey = 'the-admin-key-of-these-tests';
export const withKey = { authorization: `Bearer ${adminKey}` };

/** Nothing listens there. */
const nowhere = '127.0.0.1:1';

/** The real wiring, with services that are away: enough for everything that has to be decided before they are asked. */
export function awayContext(): ApiContext & { close(): Promise<void> } {
  const quiet = () => undefined;
  const prefix = '{nowhere}';
  const bootId = '00000000-0000-4000-8000-000000000000';
  const redis = openRedis({ redisUrl: `redis://${nowhere}`, failFast: true, onError: quiet });
  const db = openDatabase({
    databaseUrl: `postgres://nobody@${nowhere}/none`,
    applicationName: 'test',
    poolSize: 1,
    onError: quiet,
  });
  const names = allEntities({ connectors }).map(({ connector, entity }) => entityQueue(connector.id, entity.name));
  const log = createLog('api', 'silent', bootId);
  redis.connect().catch(quiet);
  return {
    db,
    redis,
    vault: createVault([Buffer.alloc(32, 1).toString('base64')]),
    road: createRoad({ redis, keyPrefix: prefix, egressAllow: [], bootId }),
    flows: openFlows(redis, prefix, quiet),
    recovery: openRecovery(redis, prefix, quiet),
    refetches: openRefetches(redis, prefix, quiet),
    verifications: openVerifications(redis, prefix, quiet),
    deadLetters: openDeadLetters(redis, prefix, quiet),
    marks: openMarks(redis, prefix),
    recoveryPolicy: recoveryPolicy(),
    queues: openQueues(redis, prefix, [...names, finishQueue], quiet),
    connectors,
    log,
    bootId,
    defaultOrganizationId: '00000000-0000-4000-8000-000000000001',
    rowSecurity: true,
    adminKey,
    tokens: undefined,
    countRequest: requestCounter({ redis, log }, prefix),
    requestsAMinute: 600,
    trustedProxies: [],
    corsOrigins: [],
    adhocCredentials: false,
    close: async () => {
      redis.disconnect();
      await db.destroy();
    },
  };
}
