import { once } from 'node:events';
import { createServer } from 'node:net';
import { parseEnvironment } from '@syncline/config';
import { connectors } from '@syncline/connectors';
import { createLog, StartError } from '@syncline/service';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorker } from './start-worker.js';
import { openWorkerStatus, type WorkPhase } from './worker-status.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const bootId = crypto.randomUUID();
const log = createLog('worker', 'silent', bootId);
const nothingHeld = { deadQueues: () => [], holds: async () => [] };
const well = { postgres: 'ok', redis: 'ok', migrations: 'ok', installation: 'ok' };

function start(port: number, said = log) {
  const given = { ...bed.environment, SYNCLINE_WORKER_PORT: String(port), SYNCLINE_RECONCILE_SECONDS: '1' };
  const environment = parseEnvironment(given, {}, ['DATABASE_URL', 'REDIS_URL', 'SYNCLINE_ENCRYPTION_KEY']);
  return startWorker(environment, connectors, bootId, said);
}

async function ask(url: string, method = 'GET') {
  const response = await fetch(url, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('the status server of a worker', () => {
  it('says that it lives and can work, until it stops', async () => {
    const worker = await start(0);
    const { url = '' } = worker;
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    // On a machine that is busy, the first answers of services may take longer than a check waits.
    const ready = await eventually('it to be ready', async () => {
      const answer = await ask(`${url}/readyz?verbose`);
      return answer.status === 200 && answer;
    });
    expect(JSON.parse(ready.text)).toEqual({ status: 'ok', checks: { ...well, work: 'ok' } });
    expect(ready.headers.get('cache-control')).toBe('no-store');
    await worker.stop();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('is not ready before work that was held is taken up again, although Postgres and Redis are well by then', async () => {
    const events: unknown[] = [];
    const said = createLog('worker', 'info', bootId, { write: (line: string) => events.push(JSON.parse(line).event) });
    const worker = await start(0, said);
    const ready = () => ask(`${worker.url}/readyz`);
    await eventually('it to be ready', async () => (await ready()).status === 200);
    await eventually(
      'it to be counted',
      async () => (await sql`select from syncline_installation where place is not null`.execute(bed.db)).rows[0],
    );
    const place = async (value: string) =>
      void (await sql`update syncline_installation set place = ${value}`.execute(bed.db));
    const [here] = (await sql<{ place: string }>`select place from syncline_installation`.execute(bed.db)).rows;
    await place('["1", "elsewhere", "public"]');
    await eventually('it to be held', async () => JSON.parse((await ready()).text).checks.work === 'held');
    await place(here?.place ?? '');
    await eventually('it to be ready again', async () => (await ready()).status === 200);
    expect(events).toContain('work.resumed');
    await worker.stop();
  });

  it('is not to be had at a port that is taken, which is one sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const error = await start(port).catch((thrown: unknown) => thrown);
    taken.close();
    expect(error).toBeInstanceOf(StartError);
    expect(error).toMatchObject({
      message: `Port ${port} is taken by another program: set SYNCLINE_WORKER_PORT to a free one.`,
    });
  });

  it('is not ready while the worker starts or stops, or when a service is away, and says which', async () => {
    let phase: WorkPhase = 'starting';
    let checks = well;
    const at = { ...nothingHeld, host: '127.0.0.1', port: 0, portVariable: 'SYNCLINE_WORKER_PORT' };
    const server = await openWorkerStatus({ ...at, ready: async () => checks, phase: () => phase, log });
    const ready = async () => {
      const { status, text } = await ask(`${server.url}/readyz`);
      return [status, JSON.parse(text).checks];
    };
    expect(await ready()).toEqual([503, { ...well, work: 'starting' }]);
    phase = 'ok';
    expect(await ready()).toEqual([200, { ...well, work: 'ok' }]);
    checks = { ...well, redis: 'unreachable' };
    expect(await ready()).toEqual([503, { ...checks, work: 'ok' }]);
    await server.close();
  });

  it('is not ready when a consumer has ended, and says at once that it stops; what is held back is told and nothing more', async () => {
    let phase: WorkPhase = 'ok';
    let dead: string[] = [];
    let holds = async (): Promise<string[]> => ['an emergency stop is in force'];
    let asked = 0;
    const at = { host: '127.0.0.1', port: 0, portVariable: 'SYNCLINE_WORKER_PORT' };
    const server = await openWorkerStatus({
      ...at,
      ready: async () => {
        asked += 1;
        return well;
      },
      phase: () => phase,
      deadQueues: () => dead,
      holds: () => holds(),
      log,
    });
    const ready = async () => {
      const { status, text } = await ask(`${server.url}/readyz`);
      return [status, JSON.parse(text)];
    };
    const checks = { ...well, work: 'ok' };
    expect(await ready()).toEqual([200, { status: 'ok', checks, holds: ['an emergency stop is in force'] }]);
    holds = () => Promise.reject(new Error('away'));
    expect(await ready()).toEqual([200, { status: 'ok', checks }]);
    dead = ['sync-finish', 'sync-verify'];
    const work = 'takes nothing of sync-finish, sync-verify: restart it';
    expect(await ready()).toEqual([503, { status: 'unavailable', checks: { ...well, work } }]);
    phase = 'stopping';
    expect(await ready()).toEqual([503, { status: 'unavailable', checks: { work: 'stopping' } }]);
    expect(asked, 'services are not asked by a worker that stops').toBe(3);
    await server.close();
  });

  it('knows a few paths, to be read only', async () => {
    const at = { ...nothingHeld, host: '127.0.0.1', port: 0, portVariable: 'SYNCLINE_WORKER_PORT' };
    const failing = () => Promise.reject(new Error('S3CRET'));
    const server = await openWorkerStatus({ ...at, ready: failing, phase: () => 'ok', log });
    expect(await ask(`${server.url}/healthz`, 'HEAD')).toMatchObject({ status: 200, text: '' });
    for (const path of ['/', '/admin', '/healthz/', '/constructor', '/../healthz?x']) {
      const { status, headers } = await ask(`${server.url}${path}`);
      if (path !== '/../healthz?x') expect([path, status]).toEqual([path, 404]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const posted = await fetch(`${server.url}/healthz`, { method: 'POST', body: 'x'.repeat(100_000) });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const failed = await ask(`${server.url}/readyz`);
    expect(failed.status).toBe(500);
    expect(failed.text).not.toContain('S3CRET');
    await server.close();
  });
});
