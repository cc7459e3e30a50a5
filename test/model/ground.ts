import { practicePanther } from '@syncline/connectors';
import { allEntities } from '@syncline/engine';
import {
  type DeadLetters,
  entityQueue,
  type Flows,
  finishQueue,
  keysBelow,
  openDeadLetters,
  openFlows,
  openQueues,
  openRecovery,
  openRedis,
  openRefetches,
  openVerifications,
  type Queues,
  type RedisClient,
  type WakeUps,
} from '@syncline/queue';
import { createVault, type Db, openDatabase, serviceTimeouts, type Vault } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { Carrier } from './carrier.js';
import { refusedTitle } from './vendor.js';
import { refuseTitle, watchWrites, wipe } from './witness.js';

/** What takes long to open, for towns that are settled on it one after the other. */
export interface Ground {
  readonly bed: TestBed;
  /** The pool of the engine; the bed's own is for looking at it. */
  readonly db: Db;
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly vault: Vault;
  readonly flows: Flows;
  readonly queues: Queues;
  readonly recovery: WakeUps;
  readonly refetches: WakeUps;
  readonly verifications: WakeUps;
  readonly deadLetters: DeadLetters;
  readonly carrier: Carrier;
  /** Forgets everything in Redis. */
  flush(): Promise<void>;
  /** Forgets everything, so that another one can settle here. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

export async function breakGround(): Promise<Ground> {
  const bed = await createTestBed();
  await watchWrites(bed.db);
  await refuseTitle(bed.db, refusedTitle);
  const onError = () => undefined;
  const { databaseUrl, redisUrl, prefix } = bed;
  const db = openDatabase({ databaseUrl, applicationName: 'model', poolSize: 20, onError, timeouts: serviceTimeouts });
  const redis = openRedis({ redisUrl, failFast: false, onError });
  const names = allEntities({ connectors: [practicePanther] }).map(({ connector, entity }) =>
    entityQueue(connector.id, entity.name),
  );
  const queues = openQueues(redis, prefix, [...names, finishQueue], onError);
  const flows = openFlows(redis, prefix, onError);
  const recovery = openRecovery(redis, prefix, onError);
  const refetches = openRefetches(redis, prefix, onError);
  const verifications = openVerifications(redis, prefix, onError);
  const deadLetters = openDeadLetters(redis, prefix, onError);
  const flush = async () => {
    for await (const keys of keysBelow(redis, prefix)) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  };
  const carrier = new Carrier(queues.all, redis, prefix);
  return {
    bed,
    db,
    redis,
    prefix,
    vault: createVault([bed.encryptionKey]),
    flows,
    queues,
    recovery,
    refetches,
    verifications,
    deadLetters,
    carrier,
    flush,
    wipe: async () => {
      await Promise.all([wipe(bed.db), flush()]);
    },
    close: async () => {
      await Promise.all([
        carrier.close(),
        flows.close(),
        queues.close(),
        recovery.close(),
        refetches.close(),
        verifications.close(),
        deadLetters.close(),
      ]);
      redis.disconnect();
      await db.destroy();
      await bed.close();
    },
  };
}
