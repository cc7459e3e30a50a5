import { randomBytes } from 'node:crypto';
import { type Db, openDatabase } from '@syncline/store';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import type { OwnPostgres } from './own-postgres.js';
import type { OwnRedis } from './own-redis.js';
import { type ServiceProcess, startService } from './service-process.js';
import { administer, createMigrated, withDatabase } from './services.js';

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string;
    redisUrl: string;
    template: string;
    cloning: string;
  }
}

/** A database and a key prefix of one's own in the shared services, and processes that use them. */
export interface TestBed {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly encryptionKey: string;
  readonly adminKey: string;
  readonly db: Db;
  /** The environment that our processes need to work on this bed. */
  readonly environment: Readonly<Record<string, string>>;
  startWorker(extra?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  startApi(extra?: Readonly<Record<string, string>>): Promise<ServiceProcess & { readonly url: string }>;
  /** Kills what is left of the processes and drops the database and the keys. */
  close(): Promise<void>;
}

export interface BedOptions {
  /** Services to use instead of the shared ones. Whoever brings them closes them, after the bed. */
  readonly postgres?: OwnPostgres | undefined;
  readonly redis?: Pick<OwnRedis, 'url'> | undefined;
  /** Nothing in the database: whoever asks for it migrates or adopts. */
  readonly empty?: boolean;
  /** The schema that `db` and the processes work in, instead of public. Made with an empty database. */
  readonly schema?: string;
}

/** Makes a bed. Call it in a hook, and `close` in the matching one. */
export async function createTestBed(options: BedOptions = {}): Promise<TestBed> {
  const id = randomBytes(6).toString('hex');
  const adminUrl = options.postgres?.adminUrl ?? inject('adminUrl');
  const redisUrl = options.redis?.url ?? inject('redisUrl');
  const name = `syncline_test_${id}`;
  const { empty, schema } = options;
  if (empty) await administer(adminUrl, `create database ${name}`);
  else if (options.postgres) await createMigrated(adminUrl, name);
  else await administer(adminUrl, `create database ${name} template ${inject('template')} ${inject('cloning')}`);
  const databaseUrl = withDatabase(adminUrl, name);
  if (schema !== undefined) await administer(databaseUrl, `create schema ${schema}`);
  const pool = { applicationName: 'syncline test', poolSize: 4, onError: () => undefined };
  const db = openDatabase({ databaseUrl, schema, ...pool });
  const prefix = `{test-${id}}`;
  const encryptionKey = randomBytes(32).toString('base64');
  const adminKey = randomBytes(24).toString('hex');
  const environment = {
    DATABASE_URL: databaseUrl,
    ...(schema !== undefined && { SYNCLINE_DATABASE_SCHEMA: schema }),
    REDIS_URL: redisUrl,
    SYNCLINE_REDIS_PREFIX: prefix,
    SYNCLINE_ENCRYPTION_KEY: encryptionKey,
    LOG_LEVEL: 'info',
    // A test counts what it has started itself; one that is about schedules switches them on.
    ENABLE_SYNC_SCHEDULER: 'false',
  };
  const processes: ServiceProcess[] = [];
  const start = async (app: 'api' | 'worker', extra: Readonly<Record<string, string>>) => {
    const service = await startService(app, { ...environment, ...extra });
    processes.push(service);
    return service;
  };
  return {
    databaseUrl,
    redisUrl,
    prefix,
    encryptionKey,
    adminKey,
    db,
    environment,
    startWorker: (extra = {}) => start('worker', extra),
    startApi: async (extra = {}) => {
      const service = await start('api', { PORT: '0', SYNCLINE_ADMIN_KEY: adminKey, ...extra });
      return Object.assign(service, { url: service.url ?? '' });
    },
    close: async () => {
      await Promise.all(processes.map((service) => service.kill('SIGKILL')));
      await db.destroy();
      // What is one's own goes as a whole, and may not even be up.
      if (!options.postgres) await administer(adminUrl, `drop database if exists ${name} with (force)`);
      if (!options.redis) await dropKeys(redisUrl, prefix);
    },
  };
}

async function dropKeys(redisUrl: string, prefix: string): Promise<void> {
  const redis = new Redis(redisUrl);
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
  await redis.quit();
}
