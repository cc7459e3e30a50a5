import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { eventually, type ServiceProcess } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, startCollector, type Told } from './collector.js';
import { createFirm, entityOf, type Firm } from './firm.js';

const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
/** What a caller may write beside its ids. */
const stray = 'stray-text-of-a-caller';

let collector: Collector;
let firm: Firm;
let first: ServiceProcess;
let second: ServiceProcess;
let api: Awaited<ReturnType<Firm['startApi']>>;
let trace: readonly Told[];

// One sync, called by somebody who traces, begun by one worker and ended by another.
beforeAll(async () => {
  collector = await startCollector();
  firm = await createFirm(
    { contacts: 150, pageSize: 50 },
    // Longer than the test lasts: what arrives was sent because its process has ended.
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '600000' },
  );
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 2 } });
  first = await firm.startWorker();
  const asked = await firm.startApi();
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

it('loads nothing of the SDK where nobody asks for traces', async () => {
  for (const app of ['api', 'worker']) {
    const bundle = await readFile(new URL(`../../apps/${app}/dist/bundle.js`, import.meta.url), 'utf8');
    expect(bundle, app).toContain('bundle-open-otel.js');
    expect(bundle, app).not.toMatch(/BatchSpanProcessor|OTLPTraceExporter/);
  }
});
