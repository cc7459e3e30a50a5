import {
  createTestBed,
  type OwnPostgres,
  type OwnRedis,
  startOwnPostgres,
  startOwnRedis,
  type TestBed,
} from '@syncline/testing';
import { vi } from 'vitest';
import { createFirm, type Firm, type FirmOptions } from '../e2e/firm.js';
import { logWrites } from '../e2e/write-log.js';
import { startProxy, type TcpProxy } from './proxy.js';

// Processes start and locks end in these tests; on a machine that does other things as well, that takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

/** The vendor's quota in these tests: small enough to be felt. */
export const budget = { requests: 25, seconds: 1 };

/** A lock that ends soon, and jobs that are soon looked after, so that nobody waits long for others to go on. */
const environment = {
  SYNCLINE_LOCK_SECONDS: '2',
  SYNCLINE_RECONCILE_SECONDS: '1',
  PP_RATE_LIMIT_REQUESTS: String(budget.requests),
  PP_RATE_LIMIT_WINDOW_SECONDS: String(budget.seconds),
};

/** Four to seven pages of each entity of the flow's trunk, and one of each leaf. */
const sizes: FirmOptions = { contacts: 125, pageSize: 25, notes: 20, emails: 10, events: 20, timeentries: 20 };

export interface Surroundings {
  /** Beside what all these tests have in common. */
  readonly simulator?: FirmOptions;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A firm whose committed writes are counted, on the services that all tests share. */
export async function createRoughFirm(given: Surroundings = {}): Promise<Firm> {
  return open(given, await createTestBed());
}

/** The same on services of one's own. Whoever brings them closes them, after the firm. */
export async function createRoughFirmOn(given: Surroundings, bed: TestBed): Promise<Firm> {
  return open(given, bed);
}

async function open(given: Surroundings, bed: TestBed, extra: Readonly<Record<string, string>> = {}): Promise<Firm> {
  const firm = await createFirm(
    { ...sizes, ...given.simulator },
    { ...environment, ...extra, ...given.environment },
    bed,
  );
  await logWrites(firm.bed);
  return { ...firm, ended: (id, timeoutMs = 110_000) => firm.ended(id, timeoutMs) };
}

export interface RedisFirm extends Firm {
  readonly redis: OwnRedis;
  /** Between our processes and that Redis. */
  readonly network: TcpProxy;
  /** After `redis.kill()`: the same as `redis.start()`, and the network leads there. */
  restart(data?: Parameters<OwnRedis['start']>[0]): Promise<void>;
}

/** The same with a Redis of its own, behind a proxy. */
export async function createFirmWithRedis(given: Surroundings = {}): Promise<RedisFirm> {
  const redis = await startOwnRedis();
  const network = await startProxy(redis.url);
  const firm = await open(given, await createTestBed({ redis }), { REDIS_URL: network.url });
  return {
    ...firm,
    redis,
    network,
    restart: async (data) => {
      await redis.start(data);
      network.aim(redis.url);
    },
    close: async () => {
      await firm.close();
      await network.close();
      await redis.close();
    },
  };
}

export interface DistantFirm extends Firm {
  /** Between our processes and the Postgres that all tests share. */
  readonly network: TcpProxy;
}

/** The same on the shared services, with a proxy in front of Postgres. */
export async function createDistantFirm(given: Surroundings = {}): Promise<DistantFirm> {
  const bed = await createTestBed();
  const network = await startProxy(bed.databaseUrl);
  const firm = await open(given, bed, { DATABASE_URL: network.url });
  return {
    ...firm,
    network,
    close: async () => {
      await firm.close();
      await network.close();
    },
  };
}

export interface PostgresFirm extends Firm {
  readonly postgres: OwnPostgres;
  /** Between our processes and that Postgres. */
  readonly network: TcpProxy;
  /** After `postgres.stop()` or `.kill()`: the same as `postgres.start()`, and the network leads there. */
  restart(copy?: Parameters<OwnPostgres['start']>[0]): Promise<void>;
}

/** The same with a Postgres of its own, behind a proxy. */
export async function createFirmWithPostgres(given: Surroundings = {}): Promise<PostgresFirm> {
  const postgres = await startOwnPostgres();
  const bed = await createTestBed({ postgres });
  const network = await startProxy(bed.databaseUrl);
  const firm = await open(given, bed, { DATABASE_URL: network.url });
  return {
    ...firm,
    postgres,
    network,
    restart: async (copy) => {
      await postgres.start(copy);
      network.aim(postgres.adminUrl);
    },
    close: async () => {
      await firm.close();
      await network.close();
      await postgres.close();
    },
  };
}

/** Makes each page of the vendor's lists take its time, so that pages are committed one by one. */
export function slowDown(firm: Firm, delayMs = 40): void {
  firm.simulator.faults.add({ match: { path: '/api/v2/', method: 'GET' }, action: { delayMs } });
}
