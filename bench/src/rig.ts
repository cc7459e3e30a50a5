import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { connectors } from '@syncline/connectors';
import { startEmbedded } from '@syncline/embedded';
import { startSync, startVerification } from '@syncline/engine';
import { type Flows, keysBelow, openFlows, openRedis, openVerifications } from '@syncline/queue';
import {
  type Connection,
  createVault,
  type Db,
  type JobView,
  listConnections,
  listJobs,
  listVerifications,
  migrate,
  openDatabase,
  type Vault,
  type VerificationView,
} from '@syncline/store';
import pg from 'pg';
import { end, message } from './child.js';

/** A simulator, and how to get in. */
export interface Vendor {
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Of a simulated Notion. */
  readonly databaseId?: string;
}

/** Which vendor, and what workers and API have to know to make its connection. */
interface VendorKind {
  readonly simulator: (at: number) => readonly string[];
  readonly environment: (vendor: Vendor) => Readonly<Record<string, string>>;
}

const vendorKinds = {
  practicepanther: {
    simulator: (at) => ['--client-id', `bench-${at}`],
    environment: ({ url, credentials }) => ({
      PP_CLIENT_ID: credentials['clientId'] ?? '',
      PP_CLIENT_SECRET: credentials['clientSecret'] ?? '',
      PP_BASE_URL: url,
      PP_RATE_LIMIT_REQUESTS: '1000000',
    }),
  },
  notion: {
    simulator: () => [],
    environment: ({ url, credentials, databaseId = '' }) => ({
      NOTION_API_KEY: credentials['apiKey'] ?? '',
      NOTION_BASE_URL: url,
      NOTION_DATABASE_ID: databaseId,
    }),
  },
  irelandpay: {
    simulator: () => ['--quota', '0'],
    environment: ({ url, credentials }) => ({
      IRELANDPAY_CRM_API_KEY: credentials['apiKey'] ?? '',
      IRELANDPAY_CRM_BASE_URL: url,
      IRELANDPAY_RATE_LIMIT_PER_MINUTE: '1000000',
    }),
  },
} satisfies Record<string, VendorKind>;

/** Real services, a vendor and one worker, each in a process of its own, on a database made for the measurement. */
export interface Rig {
  readonly databaseUrl: string;
  readonly db: Db;
  readonly vault: Vault;
  /** The first one is that of the connection which the worker makes. */
  readonly vendors: readonly Vendor[];
  /** That connection. */
  readonly connection: Connection;
  readonly workerPid: number;
  /** Another worker beside the first one. */
  startWorker(): Promise<ChildProcess>;
  /** Of those that were started so far. */
  stopWorkers(): Promise<void>;
  startApi(): Promise<{ readonly url: string; readonly pid: number }>;
  /** Of the same server and the same keys as the workers. */
  readonly redis: ReturnType<typeof openRedis>;
  readonly prefix: string;
  /** The platform's, of the APIs that are started. */
  readonly adminKey: string;
  /** What FLUSHALL does, for the keys of this measurement only: the Redis may be somebody's. */
  emptyRedis(): Promise<void>;
  /** Starts a full sync and gives its id; of the worker's connection and all entities unless told otherwise. */
  startFullSync(of?: Connection, entities?: readonly string[]): Promise<string>;
  /** The job as Postgres has it now. */
  job(id: string): Promise<JobView>;
  /** Runs a full sync to its end. `watch` is called with every look at the job. */
  fullSync(watch?: (job: JobView) => void): Promise<JobView>;
  /** Runs an incremental sync of all entities to its end. */
  incrementalSync(): Promise<JobView>;
  /** Runs a verification of all entities to its end. */
  verify(): Promise<VerificationView>;
  close(): Promise<void>;
}

export interface RigOptions {
  /** PracticePanther unless told otherwise. */
  readonly vendor?: keyof typeof vendorKinds;
  /** Arguments of the vendor's simulator. */
  readonly simulator: readonly string[];
  /** How many of it there are, each with credentials of its own. One unless told otherwise. */
  readonly vendors?: number;
  /** Further variables of the workers, and of the API. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments of the worker's Node. */
  readonly workerNode?: readonly string[];
}

const home = fileURLToPath(new URL('../../.syncline', import.meta.url));
const script = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const quiet = { info: () => undefined, warn: console.warn } as unknown as Parameters<typeof startSync>[0]['log'];

/** The embedded Postgres is durable here (fsync on), as in production: commits cost what they cost. */
export async function openRig(options: RigOptions): Promise<Rig> {
  const given = { databaseUrl: process.env['DATABASE_URL'], redisUrl: process.env['REDIS_URL'] };
  const services = await startEmbedded({
    home: process.env['SYNCLINE_HOME'] ?? home,
    postgres: !given.databaseUrl,
    redis: !given.redisUrl,
  });
  const adminUrl = given.databaseUrl ?? services.databaseUrl ?? '';
  const redisUrl = given.redisUrl ?? services.redisUrl ?? '';
  const name = `syncline_bench_${randomBytes(4).toString('hex')}`;
  await administer(adminUrl, `create database ${name}`);
  const databaseUrl = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  const db = openDatabase({ databaseUrl, applicationName: 'syncline bench', poolSize: 2, onError: console.error });
  await migrate(db);

  const kind = options.vendor ?? 'practicepanther';
  const simulators = Array.from({ length: options.vendors ?? 1 }, (_, i) =>
    fork(
      script('apps/cli/dist/bundle.js'),
      ['simulator', kind, '--port', '0', ...vendorKinds[kind].simulator(i), ...options.simulator],
      { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    ),
  );
  const vendors = await Promise.all(simulators.map((simulator) => message<Vendor>(simulator)));
  const [vendor] = vendors as [Vendor];
  const prefix = `{bench-${name}}`;
  const started: ChildProcess[] = [];
  const start = async <Ready>(app: 'api' | 'worker', execArgv: readonly string[] = []) => {
    const process = fork(script(`apps/${app}/dist/bundle.js`), [], {
      execArgv: [...execArgv],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: environment,
    });
    started.push(process);
    return { process, ready: await message<Ready>(process) };
  };
  const workers: ChildProcess[] = [];
  const startWorker = async () => {
    const { process } = await start('worker', options.workerNode);
    workers.push(process);
    return process;
  };
  const encryptionKey = randomBytes(32).toString('base64');
  const adminKey = randomBytes(32).toString('base64url');
  const environment = {
    ...process.env,
    ENABLE_SYNC_SCHEDULER: 'false',
    LOG_LEVEL: 'error',
    ...options.environment,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SYNCLINE_REDIS_PREFIX: prefix,
    SYNCLINE_ENCRYPTION_KEY: encryptionKey,
    SYNCLINE_EGRESS_ALLOW: vendors.map(({ url }) => new URL(url).host).join(),
    SYNCLINE_ADMIN_KEY: adminKey,
    PORT: '0',
    ...vendorKinds[kind].environment(vendor),
  };
  const { pid: workerPid = 0 } = await startWorker();
  const redis = openRedis({ redisUrl, failFast: false, onError: console.error });
  const flows = openFlows(redis, prefix, console.error);
  const verifications = openVerifications(redis, prefix, console.error);
  const connection = await onlyConnection(db);
  return {
    databaseUrl,
    db,
    vault: createVault([encryptionKey]),
    vendors,
    connection,
    workerPid,
    startWorker,
    stopWorkers: async () => void (await Promise.all(workers.map(end))),
    startApi: async () => {
      const { process, ready } = await start<{ readonly url: string }>('api');
      return { url: ready.url, pid: process.pid ?? 0 };
    },
    redis,
    prefix,
    adminKey,
    emptyRedis: async () => {
      for await (const keys of keysBelow(redis, prefix)) {
        if (keys.length > 0) await redis.unlink(...keys);
      }
    },
    startFullSync: (of = connection, entities = []) => startOn(db, flows, of, 'full', entities),
    job: (id) => readJob(db, connection, id),
    fullSync: (watch) => runToItsEnd(db, flows, connection, 'full', watch),
    incrementalSync: () => runToItsEnd(db, flows, connection, 'incremental'),
    verify: async () => {
      const order = { entities: [], trigger: 'manual', triggeredBy: 'bench' } as const;
      const id = await startVerification({ db, connectors, verifications, log: quiet }, connection, order);
      for (;;) {
        const [found] = await listVerifications(db, connection.organizationId, { id });
        if (found?.status === 'done') return found;
        if (found?.status !== 'queued' && found?.status !== 'running') throw new Error(`${found?.errorMessage}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    close: async () => {
      await Promise.all([...started, ...simulators].map(end));
      await Promise.all([flows.close(), verifications.close()]);
      redis.disconnect();
      await db.destroy();
      await administer(adminUrl, `drop database ${name} with (force)`);
      await services.stop();
    },
  };
}

async function runToItsEnd(
  db: Db,
  flows: Flows,
  connection: Connection,
  mode: 'full' | 'incremental',
  watch?: (job: JobView) => void,
): Promise<JobView> {
  const jobId = await startOn(db, flows, connection, mode, []);
  for (;;) {
    const job = await readJob(db, connection, jobId);
    watch?.(job);
    if (job.status === 'succeeded') return job;
    if (job.status !== 'queued' && job.status !== 'running') throw new Error(`${job.status}: ${job.errorMessage}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function startOn(
  db: Db,
  flows: Flows,
  connection: Connection,
  mode: 'full' | 'incremental',
  entities: readonly string[],
): Promise<string> {
  const request = { syncType: mode, mode, entities, trigger: 'manual', triggeredBy: 'bench' } as const;
  return (await startSync({ db, flows, connectors, log: quiet }, connection, request)).jobId;
}

async function readJob(db: Db, connection: Connection, id: string): Promise<JobView> {
  const [job] = await listJobs(db, connection.organizationId, { id }, { limit: 1, offset: 0 });
  if (job === undefined) throw new Error('the job is gone');
  return job;
}

async function onlyConnection(db: Db): Promise<Connection> {
  const { id } = await db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
  const [connection] = await listConnections(db, id);
  if (connection === undefined) throw new Error('the worker has made no connection');
  return connection;
}

async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
