import type { Connector } from '@syncline/connector-kit';
import { createRoad } from '@syncline/http';
import type { Recorder } from '@syncline/metrics';
import {
  deadLetterQueue,
  entityQueue,
  finishQueue,
  openDeadLetters,
  openFlows,
  openMarks,
  openQueues,
  openRecovery,
  type openRedis,
  openRefetches,
  openSchedules,
  openVerifications,
  recoveryQueue,
  refetchQueue,
  scheduleQueue,
  verifyQueue,
} from '@syncline/queue';
import { createVault, openDatabase, serviceTimeouts } from '@syncline/store';
import type { Logger } from 'pino';
import { allEntities, type EngineContext, type WorkContext } from '../context.js';
import { recoveryPolicy } from '../recovery/policy.js';
import { nextRun } from '../schedules/timing.js';
import { atMost } from './at-most.js';
import { logTrouble } from './log-trouble.js';

export interface EngineOptions {
  readonly databaseUrl: string;
  /** Unset: the role's own. */
  readonly schema?: string | undefined;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Most connections to Postgres. */
  readonly poolSize: number;
  /** Opened by the caller, who knows how patient it should be, and closed by the caller. */
  readonly redis: ReturnType<typeof openRedis>;
  readonly redisPrefix: string;
  readonly onRedisError: (error: Error) => void;
  /** 32 bytes each in base64 or hex, newest first. */
  readonly encryptionKeys: readonly string[];
  /** `host:port` that may be reached although it is private or speaks plain http. */
  readonly egressAllow: readonly string[];
  readonly connectors: readonly Connector[];
  readonly log: Logger;
  /** Random for each start of a process. */
  readonly bootId: string;
  /** Whether entity runs are worked on here: then what this process thinks of a vendor counts for the fleet. */
  readonly works: boolean;
  /** Whether syncs start by themselves. */
  readonly scheduler: boolean;
  readonly recoveryBaseSeconds: number;
  /** Missing where nothing is cleared away by itself. */
  readonly retentionDays?: number;
  /** Missing where nothing is measured. */
  readonly metrics?: Recorder | undefined;
}

export interface OpenEngine {
  readonly ctx: WorkContext;
  /** Closes all that was opened, and not Redis. Bounded: handles on a service that is away are left after seconds. */
  close(): Promise<void>;
}

/**
 * Opens all that the engine works with: pool, queues, the road, the vault. Connects lazily, so neither Postgres nor Redis
 * has to be there. Of the connectors' proposals nothing is made yet.
 *
 * Throws RangeError for an encryption key of another length, TypeError for an entry of `egressAllow` that is no host:port.
 */
export function openEngine(options: EngineOptions): OpenEngine {
  const { connectors, log, bootId, redis, redisPrefix: prefix, onRedisError, egressAllow, metrics } = options;
  const vault = createVault(options.encryptionKeys);
  const road = createRoad({ redis, keyPrefix: prefix, egressAllow, bootId, votes: options.works, metrics });
  const db = openDatabase({
    databaseUrl: options.databaseUrl,
    schema: options.schema,
    applicationName: options.applicationName,
    poolSize: options.poolSize,
    onError: logTrouble(log, 'postgres'),
    timeouts: serviceTimeouts,
  });
  const flows = openFlows(redis, prefix, onRedisError);
  const recovery = openRecovery(redis, prefix, onRedisError);
  const refetches = openRefetches(redis, prefix, onRedisError);
  const verifications = openVerifications(redis, prefix, onRedisError);
  const deadLetters = openDeadLetters(redis, prefix, onRedisError);
  const schedules = options.scheduler ? openSchedules(redis, prefix, nextRun, onRedisError) : undefined;
  const queues = openQueues(redis, prefix, [...entityQueues({ connectors }), ...ownQueues], onRedisError);
  const handles = [flows, queues, recovery, refetches, verifications, deadLetters, schedules, road];
  return {
    ctx: {
      ...{ db, vault, road, flows, queues, recovery, refetches, verifications, deadLetters },
      ...{ connectors, log, bootId, marks: openMarks(redis, prefix) },
      ...(schedules && { schedules }),
      ...(metrics && { metrics }),
      recoveryPolicy: recoveryPolicy(options.recoveryBaseSeconds),
      ...(options.retentionDays !== undefined && { retentionDays: options.retentionDays }),
    },
    close: async () => {
      await atMost(2_000, Promise.allSettled(handles.map((handle) => handle?.close())));
      await atMost(1_000, db.destroy());
    },
  };
}

const ownQueues = [finishQueue, recoveryQueue, refetchQueue, verifyQueue, deadLetterQueue, scheduleQueue];

/** The queue of every entity of every connector. */
export function entityQueues(ctx: Pick<EngineContext, 'connectors'>): string[] {
  return allEntities(ctx).map(({ connector, entity }) => entityQueue(connector.id, entity.name));
}
