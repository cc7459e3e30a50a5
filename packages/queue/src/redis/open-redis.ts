import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress, type RedisAddress, RedisSetupError } from './redis-address.js';
import { type RedisTls, readTls } from './redis-tls.js';
import { reopenable } from './reopenable-cluster.js';

/** A server, one behind Sentinels, or a Cluster: all of ours is written so that it does not matter which. */
export type RedisClient = Redis | Cluster;

export interface OpenRedisOptions {
  /** As `parseRedisAddress` reads it. */
  readonly redisUrl: string;
  /** For addresses with `rediss`. */
  readonly tls?: RedisTls | undefined;
  /**
   * Fail commands at once while Redis is away instead of holding them until it is back. For callers who can say 503;
   * workers wait instead.
   */
  readonly failFast: boolean;
  readonly onError: (error: Error) => void;
}

const retryMs = (attempt: number) => Math.min(100 * attempt, 2_000);

/**
 * Opens a connection that mends itself for as long as the process lives. The caller closes it.
 *
 * Throws RedisSetupError for an address that is none, or certificates that cannot be used.
 */
export function openRedis(options: OpenRedisOptions): RedisClient {
  const address = readAddress(options);
  const redis = address.kind === 'cluster' ? openCluster(address, options) : openServer(address, options);
  // Without a listener a lost connection would end the process.
  redis.on('error', options.onError);
  return redis;
}

/** The address, told by the name of the variable that it comes from. Throws RedisSetupError. */
function readAddress({ redisUrl, tls }: OpenRedisOptions): RedisAddress {
  const address = named(() => parseRedisAddress(redisUrl));
  const isGiven = tls !== undefined && Object.values(tls).some((value) => value !== undefined);
  if (isGiven && !address.tls) {
    throw new RedisSetupError('REDIS_TLS_… is set, but REDIS_URL does not ask for TLS: let it begin with rediss');
  }
  return address;
}

function named(parse: () => RedisAddress): RedisAddress {
  try {
    return parse();
  } catch (error) {
    throw error instanceof RedisSetupError ? new RedisSetupError(`REDIS_URL ${error.message}`) : error;
  }
}

/** What holds for every single connection, be it to a server or to a node. */
function connectionOptions(address: RedisAddress, options: OpenRedisOptions): RedisOptions {
  const { username, password, family } = address;
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(address.tls && { tls: readTls(options.tls ?? {}) }),
    family,
    maxRetriesPerRequest: options.failFast ? 1 : null,
    connectTimeout: 5_000,
    // A peer that is gone without a word (a machine cut off, a firewall that forgot) would be waited for until TCP gives
    // up, a quarter of an hour later. Longer than any answer may take: BullMQ waits for jobs up to 10 s at a time.
    socketTimeout: 15_000,
  };
}

function openServer(address: RedisAddress, options: OpenRedisOptions): Redis {
  const common = connectionOptions(address, options);
  const { hosts, db, masterName, sentinelUsername, sentinelPassword } = address;
  return new Redis({
    ...common,
    ...(address.kind === 'single'
      ? hosts[0]
      : {
          sentinels: [...hosts],
          ...(masterName !== undefined && { name: masterName }),
          ...(sentinelUsername !== undefined && { sentinelUsername }),
          ...(sentinelPassword !== undefined && { sentinelPassword }),
          ...(address.tls && { enableTLSForSentinelMode: true, sentinelTLS: common.tls }),
          // An answer of null would end the connection for good.
          sentinelRetryStrategy: retryMs,
          sentinelCommandTimeout: 5_000,
        }),
    db,
    enableOfflineQueue: !options.failFast,
    retryStrategy: retryMs,
    // A master that was replaced behind our back stays reachable, as a replica: the way to the new one leads over a new
    // connection. The command was not executed, so it may be sent again.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    // BullMQ duplicates a worker's connection. A lazy duplicate is connected by BullMQ itself, once: if that attempt
    // fails, because Redis is restarting just then, the worker never takes a job again.
    lazyConnect: options.failFast,
  });
}

/** So often a command is sent again before it fails, a fifth of a second apart: while a replica takes over. */
const patientRedirections = 10_000;
const hastyRedirections = 8;

function openCluster(address: RedisAddress, options: OpenRedisOptions): Cluster {
  const cluster = new Cluster([...address.hosts], {
    redisOptions: connectionOptions(address, options),
    enableOfflineQueue: !options.failFast,
    lazyConnect: options.failFast,
    clusterRetryStrategy: retryMs,
    slotsRefreshTimeout: 2_000,
    maxRedirections: options.failFast ? hastyRedirections : patientRedirections,
    ...{ retryDelayOnFailover: 200, retryDelayOnClusterDown: 200, retryDelayOnTryAgain: 200 },
    // Certificates carry names: resolved to addresses first, no node would have the right one.
    ...(address.tls && { dnsLookup: (name: string, found: (error: null, name: string) => void) => found(null, name) }),
  });
  return reopenable(cluster);
}
