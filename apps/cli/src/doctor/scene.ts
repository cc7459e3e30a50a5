import { randomBytes, randomUUID } from 'node:crypto';
import { type InspectedEnvironment, inspectEnvironment } from '@syncline/config';
import { connectors } from '@syncline/connectors';
import { openEngine, within } from '@syncline/engine';
import { openRedis, type RedisClient, RedisSetupError } from '@syncline/queue';
import { createLog, redisTlsOf } from '@syncline/service';
import { requireSchema, resolveOrganization } from '@syncline/store';
import { wordsOf } from './words-of.js';

type Engine = ReturnType<typeof openEngine>['ctx'];

/** What there is to look at, as far as it could be opened. */
export interface Scene {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly environment: InspectedEnvironment;
  /** Handles on everything; connects lazily. Undefined without DATABASE_URL. */
  readonly engine: Engine | undefined;
  readonly redis: ReturnType<typeof openRedis> | undefined;
  /** Why Postgres, or Redis, cannot be looked at; undefined when it can. */
  readonly noPostgres: string | undefined;
  readonly noRedis: string | undefined;
  /** Only this organization's work is looked at. */
  readonly organizationId: string | undefined;
  /** Spend one request of each connection's budget. */
  readonly testConnections: boolean;
  /** This machine's clock. */
  readonly clock: () => Date;
}

export interface SceneOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its id, slug or external id. */
  readonly organization?: string | undefined;
  readonly testConnections: boolean;
  readonly clock: () => Date;
}

const vendorVariables = Object.assign({}, ...connectors.map((connector) => connector.environment?.variables ?? {}));
const quiet = () => undefined;
const nowhere = 'redis://127.0.0.1:1';
const connectMs = 5_000;

/** There is no such organization. */
export class UnknownOrganizationError extends Error {
  override readonly name = 'UnknownOrganizationError';
}

/**
 * Opens what can be opened. Throws UnknownOrganizationError when Postgres is there and has no such organization; nothing
 * else is thrown. The caller closes it.
 */
export async function openScene(options: SceneOptions): Promise<Scene & { close(): Promise<void> }> {
  const { env, testConnections, clock } = options;
  const environment = inspectEnvironment(env, vendorVariables);
  const { DATABASE_URL, SYNCLINE_DATABASE_SCHEMA: schema } = environment.values;
  let lastError: Error | undefined;
  const onError = (error: Error) => {
    lastError = error;
  };
  const redis = openGivenRedis(environment, onError);
  // What the connection says of itself; commands that wait for it only say that it is closed.
  const noRedis = await whyNoRedis(redis, () => lastError);
  // Handles want one, also where there is none to look at.
  const handle = redis ?? openRedis({ redisUrl: nowhere, failFast: true, onError: quiet });
  const opened = DATABASE_URL && open(environment, DATABASE_URL, handle);
  const engine = opened ? opened.ctx : undefined;
  const noPostgres = await whyNoPostgres(engine, schema);
  const close = async () => {
    // First: handles that never got a connection would wait for one.
    handle.disconnect();
    if (opened) await opened.close();
  };
  const parts = {
    env: environment.env,
    environment,
    engine,
    redis,
    noPostgres,
    noRedis,
    testConnections,
    clock,
    close,
  };
  if (options.organization === undefined || engine === undefined || noPostgres !== undefined) {
    return { ...parts, organizationId: undefined };
  }
  const found = await resolveOrganization(engine.db, options.organization).catch(quiet);
  if (found !== undefined) return { ...parts, organizationId: found.id };
  await close();
  throw new UnknownOrganizationError(`There is no organization ${options.organization}.`);
}

/** Undefined without an address; then, and where address or certificates cannot be used, with the reason for `onError`. */
function openGivenRedis({ values }: InspectedEnvironment, onError: (error: Error) => void): Scene['redis'] {
  if (values.REDIS_URL === undefined) return undefined;
  try {
    return openRedis({ redisUrl: values.REDIS_URL, tls: redisTlsOf(values), failFast: true, onError });
  } catch (error) {
    if (!(error instanceof RedisSetupError)) throw error;
    onError(error);
    return undefined;
  }
}

function open({ values }: InspectedEnvironment, databaseUrl: string, redis: RedisClient) {
  return openEngine({
    ...{ databaseUrl, schema: values.SYNCLINE_DATABASE_SCHEMA, applicationName: 'syncline doctor', poolSize: 3 },
    ...{ redis, redisPrefix: values.SYNCLINE_REDIS_PREFIX ?? '{syncline}', onRedisError: quiet },
    // Without a key nothing is opened; what needs one says so.
    encryptionKeys: values.SYNCLINE_ENCRYPTION_KEY ?? [randomBytes(32).toString('base64')],
    egressAllow: values.SYNCLINE_EGRESS_ALLOW ?? [],
    ...{
      connectors,
      log: createLog('doctor', 'silent', 'doctor'),
      bootId: randomUUID(),
      works: false,
      scheduler: true,
    },
    recoveryBaseSeconds: values.SYNCLINE_RECOVERY_BASE_SECONDS ?? 60,
  });
}

async function whyNoRedis(redis: Scene['redis'], lastError: () => Error | undefined): Promise<string | undefined> {
  if (redis === undefined) return lastError()?.message ?? 'REDIS_URL is not set, or is not valid';
  try {
    await withinPatience(redis.connect());
    await withinPatience(redis.ping());
    return undefined;
  } catch (error) {
    // It goes on trying, which nobody waits for.
    redis.disconnect();
    return wordsOf(lastError() ?? error);
  }
}

async function whyNoPostgres(engine: Engine | undefined, schema: string | undefined): Promise<string | undefined> {
  if (engine === undefined) return 'DATABASE_URL is not set, or is not valid';
  try {
    await withinPatience(requireSchema(engine.db, schema));
    return undefined;
  } catch (error) {
    return wordsOf(error);
  }
}

function withinPatience<T>(work: Promise<T>): Promise<T> {
  return within(connectMs, work, () => new Error(`no answer within ${connectMs / 1_000} s`));
}
