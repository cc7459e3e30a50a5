import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createVault, readSecrets } from '@syncline/store';
import { eventually, type ServiceProcess } from '@syncline/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector, type Told } from './collector.js';
import { createFirm, entityOf, type Firm } from './firm.js';

const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
/** What a caller may write beside its ids. */
const stray = 'stray-text-of-a-caller';

let collector: Collector;
let firm: Firm;
let first: ServiceProcess;
let second: ServiceProcess;
let asked: Awaited<ReturnType<Firm['startApi']>>;
let api: Awaited<ReturnType<Firm['startApi']>>;
let trace: readonly Told[];
/** A job that Redis has lost before anybody saw it. */
let lost: string;

// One sync, called by somebody who traces, begun by one worker and ended by another.
beforeAll(async () => {
  collector = await startCollector();
  firm = await createFirm(
    { contacts: 150, pageSize: 50 },
    // Longer than the test lasts: what arrives was sent because its process has ended.
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '600000',

      LOG_LEVEL: 'trace',
    },
  );
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 2 } });
  first = await firm.startWorker();
  asked = await firm.startApi();
  const response = await fetch(`${asked.url}/api/sync/trigger?note=${stray}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${firm.bed.adminKey}`,
      'content-type': 'application/json',
      traceparent: `00-${caller.traceId}-${caller.spanId}-01`,
      tracestate: `other=${stray}`,
      baggage: `who=${stray}`,
    },
    body: JSON.stringify({ syncType: 'full' }),
  });
  const { jobId } = (await response.json()) as { jobId: string };
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('contacts to be written', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 1);
  expect(await first.kill('SIGTERM')).toBe(0);
  firm.simulator.holds.release();
  second = await firm.startWorker();
  expect((await firm.ended(jobId)).status).toBe('succeeded');
  api = await firm.startApi();
  await Promise.all([second.kill('SIGTERM'), asked.kill('SIGTERM')]);
  trace = collector.spans.filter(({ traceId }) => traceId === caller.traceId);
});
afterAll(async () => {
  await firm.close();
  await collector.close();
});

/** The names from a span up to whoever called the API. */
function roadTo(span: Told): string[] {
  const names = [span.name];
  for (let at: Told = span; at.parentSpanId !== caller.spanId; ) {
    const parent = trace.find(({ spanId }) => spanId === at.parentSpanId);
    if (parent === undefined) return [...names, 'nothing that was told'];
    names.push(parent.name);
    at = parent;
  }
  return names;
}

const named = (name: string, entity?: string) =>
  trace.filter((span) => span.name === name && (entity === undefined || span.attributes['syncline.entity'] === entity));

it('is one trace from whoever called to the rows, over both workers', () => {
  const written = named('write pages', 'contacts');
  const commits = written.map((span) => trace.find((one) => one.name === 'COMMIT' && one.parentSpanId === span.spanId));
  expect(commits.length).toBeGreaterThanOrEqual(2);
  for (const commit of commits) {
    expect(commit && roadTo(commit)).toEqual(
      expect.arrayContaining([
        ...[
          'COMMIT',
          'write pages',
          'entity run',
          'process practicepanther-contacts',
          'addNode practicepanther-contacts',
        ],
        ...['addFlow sync-finish', 'sync job', 'POST /api/sync/trigger'],
      ]),
    );
  }
  expect(trace.flatMap(roadTo)).not.toContain('nothing that was told');
  const workers = new Set(named('entity run').map(({ resource }) => resource['service.instance.id']));
  expect(workers.size, 'both workers are in it').toBe(2);
  expect(named('finish')).not.toHaveLength(0);
});

it('has the requests to the vendor within their pages', () => {
  const requests = trace.filter(
    ({ name, attributes }) => name.startsWith('GET ') && attributes['url.path'] === '/api/v2/contacts',
  );
  expect(requests.length).toBeGreaterThanOrEqual(3);
  for (const request of requests) expect(roadTo(request).slice(1, 3)).toEqual(['page', 'entity run']);
  const pages = new Set(requests.map(({ attributes }) => attributes['syncline.page']));
  expect([...pages]).toEqual(expect.arrayContaining([1, 2, 3]));
});

it('says of every span of the work whose it is, and what it is about', () => {
  const [run] = named('entity run', 'contacts');
  expect(run?.attributes).toMatchObject({
    'syncline.organization_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'syncline.connection_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'syncline.sync_job_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'syncline.connector': 'practicepanther',
  });
  const about = (span: Told) =>
    Object.entries(span.attributes).filter(
      ([name]) => /_id$|connector|entity/.test(name) && name.startsWith('syncline.'),
    );
  const within = trace.filter(
    (span) => roadTo(span).slice(1).includes('entity run') && span.attributes['syncline.entity'] === 'contacts',
  );
  expect(within.length).toBeGreaterThan(20);
  for (const span of within) expect(about(span)).toEqual(run && about(run));
});

it('tells nothing but ids and shapes: no contents, no secrets, no query, no text of the caller', () => {
  const { clientId, clientSecret, refreshToken } = firm.simulator.credentials;
  const { adminKey, encryptionKey, databaseUrl } = firm.bed;
  const emails =
    Buffer.concat([...firm.simulator.store.texts('contacts')])
      .toString()
      .match(/[\w.+-]+@[\w.-]+/g) ?? [];
  expect(emails.length).toBeGreaterThan(50);
  const text = collector.text();
  expect(text).toContain('write pages');
  const canaries = [clientId, clientSecret, refreshToken, adminKey, encryptionKey, databaseUrl, stray, ...emails];
  expect(canaries.filter((one) => text.includes(one))).toEqual([]);
  // A bound parameter or a query would be in one of these.
  expect(text).not.toMatch(/db\.query|url\.(full|query)|\$1|updated_since/);
});

it('gives lines of the log the trace that they belong to', () => {
  const lines = (first.output() + second.output()).split('\n').filter((line) => line.includes('"entity":"contacts"'));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ traceId: caller.traceId });
});

it('costs nothing but spans when the collector is away, and nothing but spans when it hangs', async () => {
  const sync = async () => {
    const { body } = await firm.request('POST', '/api/sync/trigger', { syncType: 'incremental' }, api.url);
    return eventually('the sync to end', async () => {
      const { body: job } = await firm.request('GET', `/api/v1/sync/jobs/${String(body['jobId'])}`, undefined, api.url);
      return !['queued', 'running'].includes(String(job['status'])) && job['status'];
    });
  };
  const away = await firm.startWorker({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:collector-password@127.0.0.1:1',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  });
  expect(await sync()).toBe('succeeded');
  const trouble = () =>
    away
      .output()
      .split('\n')
      .filter((line) => line.includes('opentelemetry trouble'));
  await eventually('the trouble to be told', () => trouble().length > 0);
  expect(trouble().join()).toMatch(/spans could not be sent \(ECONNREFUSED\)/);
  expect(away.output()).not.toContain('collector-password');

  const connected: Socket[] = [];
  const mute = createServer((socket) => void connected.push(socket)).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  const hung = await firm.startWorker({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
  for (const worker of [away, hung]) {
    const toldAt = performance.now();
    expect(await worker.kill('SIGTERM')).toBe(0);
    expect(performance.now() - toldAt).toBeLessThan(10_000);
    if (worker === away) expect(await sync()).toBe('succeeded');
  }
  expect(connected, 'it was asked to take the last spans').not.toHaveLength(0);
  for (const socket of connected) socket.destroy();
  mute.close();
});

it('logs a sync as docs/observability.md says: these events, with these fields and no others', async () => {
  const text = await readFile(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('These are the lines of a sync'), text.indexOf('**What is never in them**'));
  const fields = new Map(
    [...table.matchAll(/^\| `([\w.]+)` \| [\w ]+ \| (.+) \|$/gm)].map(([, event, cells = '']) => [
      event,
      [...cells.matchAll(/`(\w+)(\?)?`/g)].map(([, name = '', optional]) => ({ name, isOptional: optional === '?' })),
    ]),
  );
  expect(fields.size).toBeGreaterThan(8);
  const common = ['level', 'time', 'msg', 'event', 'service', 'bootId', 'traceId'];
  const seen = new Set<string>();
  for (const line of [asked, first, second].flatMap((one) => one.output().trim().split('\n'))) {
    const { event = 'none', ...entry } = JSON.parse(line) as Record<string, unknown> & { event?: string };
    // Fastify's own, beside the line of ours.
    if (/^Server listening/.test(String(entry['msg']))) continue;
    seen.add(event);
    const known = fields.get(event) ?? [];
    expect([...known.map(({ name }) => name), ...common], line).toEqual(expect.arrayContaining(Object.keys(entry)));
    const needed = known.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
    expect(Object.keys(entry), line).toEqual(expect.arrayContaining(needed));
    // A key that is there twice is read as the last of them.
    const keys = [...line.matchAll(/[{,]"(\w+)":/g)].map(([, key]) => key);
    expect(new Set(keys).size, line).toBe(keys.length);
  }
  expect([...seen].sort()).toEqual([...fields.keys()].sort());
});

it('loads nothing of the SDK where nobody asks for traces', async () => {
  for (const app of ['api', 'worker']) {
    const dist = new URL(`../../apps/${app}/dist/`, import.meta.url);
    const [, script = ''] = /'(bundle-[\w-]+\.cjs)'/.exec(await readFile(new URL('bundle.js', dist), 'utf8')) ?? [];
    const bundle = await readFile(new URL(script, dist), 'utf8');
    expect(bundle, app).toContain('bundle-open-otel.cjs');
    expect(bundle, app).not.toMatch(/BatchSpanProcessor|OTLPTraceExporter/);
  }
});

describe('secrets and contents', () => {
  /** In a record that no table takes, and in one that is written. */
  const content = 'Canary of a record';
  const password = 'canary-password';
  const answers: string[] = [];
  const workers: ServiceProcess[] = [];
  /** Bull Board's jobs; what a process said that could not start. */
  let [board, unready] = ['', ''];
  let canaries: Readonly<Record<string, string>>;

  /** Asks, and keeps what was answered, with its headers. */
  async function ask(path: string, init: RequestInit = {}, url = api.url): Promise<string> {
    const headers = {
      authorization: `Bearer ${firm.bed.adminKey}`,
      'content-type': 'application/json',
      ...init.headers,
    };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    const text = await response.text();
    answers.push(`${JSON.stringify([...response.headers])} ${text}`);
    return text;
  }
  const post = (path: string, body: unknown, headers = {}) =>
    ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });

  // Everything goes wrong that could say too much.
  beforeAll(async () => {
    const { bed, simulator } = firm;
    const { clientSecret, refreshToken } = simulator.credentials;
    const given = { connector: 'cliniko', name: 'canary', credentials: { apiKey: 'canary-api-key-of-a-clinic-au1' } };
    const apiKey = String(JSON.parse(await post('/api/v1/api-keys', { name: 'canary', role: 'viewer' })).key);
    answers.pop();
    const row = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
    const stored = await readSecrets(bed.db, createVault([bed.encryptionKey]), {
      id: row.id,
      organizationId: row.organization_id,
    });
    canaries = {
      ...{ clientSecret, refreshToken, accessToken: stored.tokens?.accessToken ?? '', apiKey, content, password },
      ...{ newRefreshToken: stored.tokens?.refreshToken ?? '', ofClinic: given.credentials.apiKey },
      ...{ adminKey: bed.adminKey, encryptionKey: bed.encryptionKey },
    };
    const echo = JSON.stringify({ error: clientSecret, Message: Object.values(canaries).join(' ') });

    // What the vendor says quotes all of it: as a refusal, as what is no JSON, as what is no record.
    const [invalid = '', plain = ''] = simulator.store.ids('tasks');
    simulator.store.set('tasks', invalid, { fields: { subject: { not: content } } });
    simulator.store.set('tasks', plain, { fields: { subject: content } });
    simulator.faults.add({ match: { path: '/notes' }, action: { status: 403, body: echo } });
    simulator.faults.add({
      match: { path: '/events', times: 1 },
      action: { body: `${content} ${clientSecret} is no JSON` },
    });
    const trigger = async () => String(JSON.parse(await post('/api/sync/trigger', { syncType: 'full' })).jobId);
    const ended = (jobId: string) =>
      eventually('the sync to end', async () => {
        const { status } = JSON.parse(await ask(`/api/v1/sync/jobs/${jobId}`)) as { status: string };
        return !['queued', 'running'].includes(status) && status;
      });
    // Redis loses the first of them before anybody has seen it.
    lost = await trigger();
    await forget(bed.redisUrl, `${bed.prefix}:practicepanther-`);
    const worker = await firm.startWorker({
      LOG_LEVEL: 'trace',
      PP_BACKOFF_BASE_MS: '1',
      SYNCLINE_RECONCILE_SECONDS: '1',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    workers.push(worker);
    expect(await ended(lost)).toBe('partial');
    simulator.expireTokens();
    simulator.faults.clear();
    simulator.faults.add({ match: { path: 'token' }, action: { status: 400, body: echo } });
    expect(await ended(await trigger())).toBe('failed');

    // Who asks wrongly is told why.
    await post('/api/v1/connections', { ...given, settings: { pageSize: 'many' } });
    await post('/api/v1/connections', { ...given, credentials: { ...given.credentials, other: password } });
    await post('/api/v1/connections', `{"credentials": "${password}`);
    await post(
      `/api/webhooks/notion/${row.id}`,
      { verification_token: password },
      { 'x-notion-signature': `sha256=${password}` },
    );
    await ask(`/api/sync/trigger?key=${password}`, { headers: { authorization: `Bearer ${password}` } });
    await ask('/api/v1/analytics/syncs', { headers: { authorization: `Bearer ${apiKey}` } });
    await ask('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `key=${password}`,
    });
    for (const path of ['connections', 'alerts', 'audit', 'api-keys', 'organizations']) await ask(`/api/v1/${path}`);
    for (const path of ['status', 'logs', 'health', 'statistics', 'test-connection']) await ask(`/api/sync/${path}`);
    await ask('/metrics');
    for (const queue of ['practicepanther-notes', 'practicepanther-users', 'dead-letter', 'sync-recovery']) {
      const query = `activeQueue=${queue}&status=failed&page=1&jobsPerPage=50`;
      board += await ask(`/admin/queues/api/queues?${query}`);
    }

    // And services are away whose addresses have passwords.
    const alone = await bed.startApi({ REDIS_URL: `redis://:${password}@127.0.0.1:1`, LOG_LEVEL: 'trace' });
    workers.push(alone);
    await ask('/readyz', {}, alone.url);
    await ask('/api/v1/failed-items/unknown/retry', { method: 'POST' }, alone.url);
    const gone = Object.assign(new URL(bed.databaseUrl), { username: 'nobody', password });
    unready = String(await bed.startApi({ DATABASE_URL: `${gone.href}_gone` }).catch((error: unknown) => error));
  });

  const found = (text: string, among: readonly string[] = Object.keys(canaries)) =>
    among.filter((name) => text.includes(canaries[name] ?? ''));

  it('are really about', async () => {
    expect(Object.values(canaries).filter((one) => one.length < 10)).toEqual([]);
    const items = JSON.stringify(await firm.bed.db.selectFrom('sync_failed_items').selectAll().execute());
    expect(found(items)).toEqual(['content']);
    expect(items).toMatch(/RECORD_INVALID/);
    expect(items).toMatch(/UPSTREAM_REJECTED|UPSTREAM_FORBIDDEN/);
    expect(workers.map((one) => one.output()).join()).toMatch(/the vendor refused|refused to grant/i);
  });

  it('are in no line of the log', () => {
    const log = [asked, api, first, second, ...workers].map((one) => one.output()).join('\n') + unready;
    expect(log).toContain('run.failed');
    expect(unready).toMatch(/code 2/);
    expect(found(log)).toEqual([]);
  });

  it('are in no answer, but for the one that gives a key, and the failed items with their records', () => {
    expect(answers.length).toBeGreaterThan(25);
    expect(board).toContain('failedReason');
    expect(found(answers.join('\n'))).toEqual([]);
  });

  it('are in no span', async () => {
    await Promise.all(workers.map((one) => one.kill('SIGTERM')));
    await api.kill('SIGTERM');
    expect(collector.spans.some(({ attributes }) => attributes['error.type'] !== undefined)).toBe(true);
    expect(found(collector.text())).toEqual([]);
  });

  it('are in no key and no value of Redis', async () => {
    const text = await everythingIn(firm.bed.redisUrl, firm.bed.prefix);
    expect(text).toContain('practicepanther-notes');
    expect(text).toContain('failedReason');
    expect(found(text)).toEqual([]);
  });
});

it('goes on in a trace with the id of the job, when Redis has lost that', () => {
  const again = collector.spans.filter(({ traceId }) => traceId === lost.replaceAll('-', ''));
  const names = new Set(again.map(({ name }) => name));
  expect([...names]).toEqual(
    expect.arrayContaining(['sync job again', 'entity run', 'write pages', 'COMMIT', 'finish']),
  );
  const begun = collector.spans.find(
    ({ name, attributes }) => name === 'sync job' && attributes['syncline.sync_job_id'] === lost,
  );
  expect(begun?.links.map(({ traceId }) => traceId)).toEqual([again[0]?.traceId]);
});

async function forget(redisUrl: string, start: string): Promise<void> {
  const redis = new Redis(redisUrl);
  for await (const keys of redis.scanStream({ match: `${start}*`, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...(keys as string[]));
  }
  redis.disconnect();
}

/** Keys and values alike. */
async function everythingIn(redisUrl: string, prefix: string): Promise<string> {
  const redis = new Redis(redisUrl);
  const seen: unknown[] = [];
  const read: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, '-1'),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, 0, '-1'),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
    for (const key of keys as string[]) seen.push(key, await read[await redis.type(key)]?.(key));
  }
  redis.disconnect();
  return JSON.stringify(seen);
}
