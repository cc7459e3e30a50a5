import { randomUUID } from 'node:crypto';
import { judgeConnections } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../testing/running-api.js';

const token = 'token-of-prometheus';

let bed: TestBed;
let api: RunningApi;
let quiet: RunningApi;
beforeAll(async () => {
  bed = await createTestBed();
  quiet = await runningApi(bed, oneConnection);
  await addOrganizations();
  await sql`update connections set status = 'needs_reauth' where connector = 'practicepanther'`.execute(bed.db);
  await judgeConnections(bed.db, { pauses: [] });
  const limit = { SYNCLINE_METRICS_TOKEN: token, SYNCLINE_METRICS_FRESHNESS_SERIES: '3' };
  api = await runningApi(bed, { ...oneConnection, ...limit });
});
afterAll(async () => {
  await Promise.all([api.stop(), quiet.stop()]);
  await bed.close();
});

/** Five organizations whose clients were complete one to five hours ago, one of which stands still by order. */
async function addOrganizations(): Promise<void> {
  for (const hours of [1, 2, 3, 4, 5, 99]) {
    const [organization, connection] = [randomUUID(), randomUUID()];
    const stopped = hours === 99 ? new Date() : null;
    await sql`insert into organizations (id, slug, name, stopped_at)
      values (${organization}, ${`hours-${hours}`}, ${`${hours} hours`}, ${stopped})`.execute(bed.db);
    await sql`insert into connections (id, organization_id, connector, name)
      values (${connection}, ${organization}, 'notion', 'theirs')`.execute(bed.db);
    await sql`insert into sync_state (connection_id, entity, organization_id, watermark) values
      (${connection}, 'clients', ${organization}, now() - make_interval(hours => ${hours})),
      (${connection}, 'of another release', ${organization}, now() - interval '1 year')`.execute(bed.db);
  }
}

const ask = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};
const scrape = async () => (await ask(api.url, { authorization: `Bearer ${token}` })).text;
const lines = (text: string, name: string) => text.match(new RegExp(`^${name}(\\{| ).*$`, 'gm')) ?? [];

describe('GET /metrics', () => {
  it('is for the token alone, and says how it is switched on', async () => {
    expect(await ask(api.url)).toMatchObject({ status: 401, type: expect.stringContaining('problem+json') });
    expect((await ask(api.url, { authorization: `Bearer ${bed.adminKey}` })).status).toBe(401);
    expect((await ask(api.url, { authorization: `Bearer ${token.slice(0, -1)}` })).status).toBe(401);
    const { status, text } = await ask(quiet.url, { authorization: `Bearer ${bed.adminKey}` });
    expect([status, JSON.parse(text)]).toMatchObject([
      404,
      { code: 'NOT_FOUND', detail: expect.stringContaining('SYNCLINE_METRICS_TOKEN') },
    ]);
    expect(await ask(api.url, { authorization: `Bearer ${token}` })).toMatchObject({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
    });
  });

  it('counts open alerts of all organizations by kind, those without one too', async () => {
    expect(lines(await scrape(), 'syncline_alerts_open')).toEqual([
      'syncline_alerts_open{kind="failures"} 0',
      'syncline_alerts_open{kind="slow"} 0',
      'syncline_alerts_open{kind="stale"} 0',
      'syncline_alerts_open{kind="needs_reauth"} 1',
      'syncline_alerts_open{kind="webhook_silent"} 0',
      'syncline_alerts_open{kind="differences"} 0',
      'syncline_alerts_open{kind="restored"} 0',
    ]);
  });

  it('names the stalest, as many as may be, and makes one of all others; who stands still by order is none', async () => {
    const text = await scrape();
    const told = lines(text, 'syncline_freshness_seconds').map((line) => {
      const [, organization, connector, entity, seconds] =
        /organization="(.*?)",connector="(.*?)",entity="(.*?)"\} (.*)$/.exec(line) ?? [];
      return [organization, connector, entity, Math.floor(Number(seconds) / 3_600)];
    });
    expect(told).toEqual([
      ['hours-5', 'notion', 'clients', 5],
      ['hours-4', 'notion', 'clients', 4],
      ['hours-3', 'notion', 'clients', 3],
      ['_other', '_other', '_other', 2],
    ]);
    expect(lines(text, 'syncline_freshness_folded_series')).toEqual(['syncline_freshness_folded_series 2']);
  });

  it('measures requests by the pattern of their route, whatever is asked for', async () => {
    const id = randomUUID();
    await api.get(`/api/v1/connections/${id}`);
    await api.get(`/api/v1/nowhere/${id}`);
    // Noted after the answer has gone out.
    const text = await eventually('both to be noted', async () => {
      const now = await scrape();
      return now.includes('route="none",status="4xx"') && now;
    });
    const route = 'method="GET",route="/api/v1/connections/:id",status="4xx"';
    expect(lines(text, 'syncline_http_request_duration_seconds_count')).toContain(
      `syncline_http_request_duration_seconds_count{${route}} 1`,
    );
    expect(text).not.toContain(id);
  });

  it('has neither an id nor a secret in it', async () => {
    const text = await scrape();
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).not.toContain('S3CRET');
    expect(text).not.toContain(token);
  });
});

describe('a source that cannot be read', () => {
  it('is missing and counted, and all others are told', async () => {
    await sql`alter table sync_failed_items rename to sync_failed_items_away`.execute(bed.db);
    const text = await eventually('the source to be away', async () => {
      const now = await scrape();
      return lines(now, 'syncline_failed_items').length === 0 && now;
    });
    expect(lines(text, 'syncline_connections').length).toBeGreaterThan(0);
    expect(lines(await scrape(), 'syncline_scrape_errors_total')).toContain(
      'syncline_scrape_errors_total{source="failed_items"} 1',
    );
    await sql`alter table sync_failed_items_away rename to sync_failed_items`.execute(bed.db);
    await eventually('it to be back', async () => lines(await scrape(), 'syncline_failed_items').length === 3);
  });
});
