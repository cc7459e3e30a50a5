import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetrics, openMetrics } from './open-metrics.js';

const connectors = [
  { id: 'crm', entities: [{ name: 'people' }, { name: 'deals' }] },
  { id: 'till', entities: [{ name: 'sales' }] },
];

let api: OpenMetrics;
let worker: OpenMetrics;
beforeAll(async () => {
  api = await openMetrics({ service: 'api', version: '1.2.3', connectors });
  worker = await openMetrics({ service: 'worker', version: '1.2.3', connectors });
});
afterAll(() => {
  api.close();
  worker.close();
});

const lines = async (of: OpenMetrics, name: string) =>
  (await of.text()).split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

describe('the metrics of a process', () => {
  it('are its own: two in one program tell apart what they have counted', async () => {
    worker.recorder.count('syncline_pages_total', { connector: 'crm', entity: 'people' }, 3);
    const other = await openMetrics({ service: 'worker', version: '1.2.3', connectors });
    const labels = '{connector="crm",entity="people"}';
    expect(await lines(worker, 'syncline_pages_total')).toContain(`syncline_pages_total${labels} 3`);
    expect(await lines(other, 'syncline_pages_total')).toContain(`syncline_pages_total${labels} 0`);
    other.close();
  });

  it('begin with 0 for what can be known, each entity with its own connector', async () => {
    expect((await lines(worker, 'syncline_pages_total')).map((line) => line.replace(/ \d+$/, ''))).toEqual([
      'syncline_pages_total{connector="crm",entity="people"}',
      'syncline_pages_total{connector="crm",entity="deals"}',
      'syncline_pages_total{connector="till",entity="sales"}',
    ]);
    expect(await lines(worker, 'syncline_records_total')).toHaveLength(3 * 4);
    expect(await lines(worker, 'syncline_sync_jobs_ended_total')).toHaveLength(2 * 4);
  });

  it('are those that are this kind of process’ to tell; what it has no word for is dropped', async () => {
    expect(await lines(api, 'syncline_pages_total')).toEqual([]);
    api.recorder.count('syncline_pages_total', { connector: 'crm', entity: 'people' });
    worker.recorder.watch('syncline_workers', () => [{ labels: {}, value: 3 }]);
    expect(await lines(worker, 'syncline_workers')).toEqual([]);
    expect(await lines(api, 'syncline_build_info')).toEqual(['syncline_build_info{service="api",version="1.2.3"} 1']);
    expect(await lines(worker, 'process_cpu_seconds_total')).toHaveLength(1);
  });
});

describe('a gauge', () => {
  it('is asked for at each scrape, and is 0 for what was not named', async () => {
    let queued = 2;
    api.recorder.watch('syncline_sync_jobs', async () => [{ labels: { state: 'queued' as const }, value: queued }]);
    const both = (count: number) => [
      `syncline_sync_jobs{state="queued"} ${count}`,
      'syncline_sync_jobs{state="running"} 0',
    ];
    expect(await lines(api, 'syncline_sync_jobs')).toEqual(both(2));
    queued = 5;
    expect(await lines(api, 'syncline_sync_jobs')).toEqual(both(5));
  });

  it('is absent when it cannot be read, with labels or without, and all others are there', async () => {
    api.recorder.watch('syncline_sync_jobs', () => [{ labels: { state: 'queued' as const }, value: 1 }]);
    api.recorder.watch('syncline_workers', () => [{ labels: {}, value: 3 }]);
    expect(await lines(api, 'syncline_workers')).toEqual(['syncline_workers 3']);
    api.recorder.watch('syncline_workers', () => Promise.reject(new Error('away')));
    api.recorder.watch('syncline_failed_items', () => {
      throw new Error('away');
    });
    expect(await lines(api, 'syncline_workers')).toEqual([]);
    expect(await lines(api, 'syncline_failed_items')).toEqual([]);
    expect(await lines(api, 'syncline_sync_jobs')).toHaveLength(2);
  });

  it('that nobody watches is absent, not 0', async () => {
    const unread = await openMetrics({ service: 'api', version: '1', connectors });
    expect(await lines(unread, 'syncline_workers')).toEqual([]);
    expect(await lines(unread, 'syncline_alerts_open')).toEqual([]);
    unread.close();
  });
});
