import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listAlerts } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schedule } from '../../testing/schedule-rows.js';
import { openShop, type Shop } from '../../testing/shop.js';
import type { EngineContext } from '../context.js';
import { deliverAlerts } from './deliver-alerts.js';
import { raiseAlerts } from './raise-alerts.js';
import { watchAlerts } from './watch-alerts.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Who is told of alerts. */
const receiver = {
  received: [] as Received[],
  answer: (_: number, response: ServerResponse): void => void response.writeHead(204).end(),
  server: createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    receiver.received.push({ headers: request.headers as Record<string, string>, body });
    receiver.answer(receiver.received.length, response);
  }),
};
const answers = (status: number, headers: Record<string, string> = {}) => {
  receiver.answer = (_, response) => void response.writeHead(status, headers).end();
};

let bed: TestBed;
let shop: Shop;
let ctx: EngineContext;
let logged: Record<string, unknown>[];
let url: string;
beforeAll(async () => {
  bed = await createTestBed();
  receiver.server.listen(0, '127.0.0.1');
  await once(receiver.server, 'listening');
  url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}/hook/S3CRET-path`;
});
afterAll(async () => {
  receiver.server.closeAllConnections();
  receiver.server.close();
  await bed.close();
});
beforeEach(async () => {
  await sql`truncate organizations, leases cascade`.execute(bed.db);
  shop = await openShop(bed, undefined, [new URL(url).host]);
  logged = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  ctx = { ...shop.ctx, log, alertWebhook: { url, secret } };
  receiver.received = [];
  answers(204);
});
afterEach(() => shop.close());

const setStatus = (status: string) => sql`update connections set status = ${status}`.execute(bed.db);
const deliveries = () => bed.db.selectFrom('sync_alert_deliveries').selectAll().orderBy('created_at').execute();
/** Lets the pause before the next try, or the claim of one who died, be over. */
const later = () => sql`update sync_alert_deliveries set next_attempt_at = now()`.execute(bed.db);
const verified = ({ headers, body }: Received) => new Webhook(secret).verify(body, headers);

describe('an alert that is raised and cleared', () => {
  it('is told to the webhook, signed as Standard Webhooks has it, and to the log', async () => {
    const { id: connectionId, organizationId } = shop.connection;
    await setStatus('needs_reauth');
    await raiseAlerts(ctx);
    expect(await deliverAlerts(ctx)).toBe(1);
    expect(await deliverAlerts(ctx)).toBe(0);
    await setStatus('active');
    await raiseAlerts(ctx);
    expect(await deliverAlerts(ctx)).toBe(1);

    const [alert] = await listAlerts(bed.db, organizationId, { state: 'all' }, { limit: 9, offset: 0 });
    const data = {
      ...{ alert_id: alert?.id, organization_id: organizationId, connection_id: connectionId, connector: 'shop' },
      ...{ kind: 'needs_reauth', message: expect.stringMatching(/authorise/), since: alert?.raisedAt.toISOString() },
    };
    expect(receiver.received.map(verified)).toEqual([
      { type: 'alert.raised', timestamp: alert?.raisedAt.toISOString(), data },
      { type: 'alert.cleared', timestamp: alert?.clearedAt?.toISOString(), data },
    ]);
    expect(receiver.received.map(({ headers }) => headers['content-type'])).toEqual(Array(2).fill('application/json'));
    expect(alert?.messages).toMatchObject([
      { event: 'alert.raised', status: 'delivered', attempts: 1, httpStatus: 204, nextAttemptAt: null },
      { event: 'alert.cleared', status: 'delivered', attempts: 1, endedAt: expect.any(String) },
    ]);
    const lines = logged.filter(({ msg }) => String(msg).startsWith('alert '));
    const said = { alertId: alert?.id, organizationId, connectionId, kind: 'needs_reauth' };
    expect(lines).toMatchObject([
      { ...said, level: 40, msg: 'alert raised' },
      { ...said, level: 30, msg: 'alert cleared' },
    ]);
  });

  it('is refused by a receiver who has another key, or gets another body', async () => {
    await setStatus('needs_reauth');
    await raiseAlerts(ctx);
    await deliverAlerts(ctx);
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`);
    expect(() => other.verify(body, headers)).toThrow(/signature/i);
    expect(() => new Webhook(secret).verify(body.replace('shop', 'bank'), headers)).toThrow(/signature/i);
  });

  it('is noted together with its message, or not at all', async () => {
    await sql`create or replace function refuse() returns trigger language plpgsql as $$
      begin raise exception 'no message today'; end $$`.execute(bed.db);
    await sql`create trigger refuse before insert on sync_alert_deliveries for each row execute function refuse()`.execute(
      bed.db,
    );
    try {
      await setStatus('needs_reauth');
      await expect(raiseAlerts(ctx)).rejects.toThrow('no message today');
      expect(await bed.db.selectFrom('sync_alerts').select('id').execute()).toEqual([]);
    } finally {
      await sql`drop trigger refuse on sync_alert_deliveries`.execute(bed.db);
    }
    await raiseAlerts(ctx);
    expect(await deliveries()).toHaveLength(1);
  });

  it('is in the log only where there is no webhook', async () => {
    await setStatus('needs_reauth');
    const { alertWebhook: _, ...quiet } = ctx;
    await raiseAlerts(quiet);
    await deliverAlerts(quiet);
    expect(await deliveries()).toEqual([]);
    expect(logged).toMatchObject([{ msg: 'alert raised' }]);
  });
});

describe('data that grow old', () => {
  it('raise an alert for the entities that a schedule brings along, where syncs start by themselves', async () => {
    await schedule(bed, shop.connection, { entities: ['orders'] });
    await sql`update connections set created_at = now() - interval '9 days'`.execute(bed.db);
    await sql`update sync_schedules set created_at = now() - interval '9 days'`.execute(bed.db);
    expect(await raiseAlerts(ctx)).toMatchObject({ raised: [] });
    const on = { ...ctx, schedules: {} as NonNullable<EngineContext['schedules']> };
    const { raised } = await raiseAlerts(on);
    expect(raised).toMatchObject([
      { kind: 'stale', detail: { entities: [{ entity: 'customers' }, { entity: 'orders' }], count: 2 } },
    ]);
    expect(JSON.parse((await deliveries())[0]?.body ?? '')).toMatchObject({
      data: { message: expect.stringMatching(/^Data are older .*customers \(never synced, at most 1440 minutes/) },
    });
    expect(await raiseAlerts(ctx)).toMatchObject({ cleared: [{ kind: 'stale' }] });
  });
});

describe('a message that is not taken', () => {
  beforeEach(async () => {
    await setStatus('needs_reauth');
    await raiseAlerts(ctx);
  });

  it('comes again after a pause, under the same id, until it is', async () => {
    for (const status of [500, 404, 302]) {
      answers(status, status === 302 ? { location: new URL('/elsewhere', url).href } : {});
      expect(await deliverAlerts(ctx)).toBe(0);
      // Before its pause is over, nothing is sent.
      expect(await deliverAlerts(ctx)).toBe(0);
      expect(await deliveries()).toMatchObject([
        { status: 'pending', http_status: status, error_code: 'UPSTREAM_REJECTED' },
      ]);
      await later();
    }
    answers(200);
    expect(await deliverAlerts(ctx)).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toHaveProperty('size', 1);
    expect(new Set(receiver.received.map(({ body }) => body))).toHaveProperty('size', 1);
    expect(receiver.received).toHaveLength(4);
    receiver.received.forEach(verified);
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 4, error_code: null }]);
  });

  it('waits longer each time', async () => {
    answers(500);
    const pauses: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      await deliverAlerts(ctx);
      const { rows } = await sql<{ seconds: number }>`
        select extract(epoch from next_attempt_at - now())::float8 as seconds from sync_alert_deliveries`.execute(
        bed.db,
      );
      pauses.push(rows[0]?.seconds ?? 0);
      await later();
    }
    expect(pauses[0]).toBeGreaterThan(5);
    expect(pauses[0]).toBeLessThan(20);
    expect(pauses[11]).toBeGreaterThan(1_300);
    expect(pauses[11]).toBeLessThan(2_300);
  });

  it('because nobody listens, says so without its address', async () => {
    const nowhere = { url: 'http://127.0.0.1:1/S3CRET-path', secret };
    await deliverAlerts({ ...ctx, alertWebhook: nowhere });
    expect(await deliveries()).toMatchObject([{ status: 'pending', error_code: 'EGRESS_REFUSED', http_status: null }]);
    receiver.server.closeAllConnections();
    receiver.answer = (_, response) => void response.destroy();
    await later();
    await deliverAlerts(ctx);
    expect(await deliveries()).toMatchObject([{ status: 'pending', error_code: 'UPSTREAM_UNREACHABLE', attempts: 2 }]);
    expect(JSON.stringify([logged, await deliveries()])).not.toContain('S3CRET');
    expect(logged.at(-1)).toMatchObject({ level: 40, code: 'UPSTREAM_UNREACHABLE', attempts: 2 });
  });

  it('is given up when the receiver is gone for good, or after a day, and that is to be seen', async () => {
    answers(410);
    await deliverAlerts(ctx);
    expect(await deliveries()).toMatchObject([{ status: 'given_up', http_status: 410 }]);
    await setStatus('active');
    await raiseAlerts(ctx);
    await sql`update sync_alert_deliveries set created_at = created_at - interval '25 hours'`.execute(bed.db);
    await deliverAlerts(ctx);
    expect(receiver.received).toHaveLength(1);
    const [alert] = await listAlerts(bed.db, shop.connection.organizationId, { state: 'all' }, { limit: 9, offset: 0 });
    expect(alert?.messages).toMatchObject([{ status: 'given_up' }, { status: 'given_up', nextAttemptAt: null }]);
    expect(logged.at(-1)).toMatchObject({ level: 50, messages: 1 });
  });

  it('keeps back that it is over, and nothing of others', async () => {
    const other = await openShop(bed);
    answers(500);
    await deliverAlerts(ctx);
    await setStatus('active');
    await sql`update connections set status = 'needs_reauth' where id = ${other.connection.id}`.execute(bed.db);
    await raiseAlerts(ctx);
    answers(204);
    await deliverAlerts(ctx);
    const events = () =>
      receiver.received.map(({ body }) => [JSON.parse(body).type, JSON.parse(body).data.connection_id]);
    expect(events().slice(1)).toEqual([['alert.raised', other.connection.id]]);
    await later();
    await deliverAlerts(ctx);
    expect(events().slice(2)).toEqual([
      ['alert.raised', shop.connection.id],
      ['alert.cleared', shop.connection.id],
    ]);
    await other.close();
  });

  it('is sent by one of those who try at once, and by another if that one dies', async () => {
    let release = () => {};
    receiver.answer = (_, response) => {
      release = () => void response.writeHead(204).end();
    };
    const first = deliverAlerts(ctx);
    await eventually('the message arrives', () => receiver.received.length > 0);
    expect(await deliverAlerts(ctx)).toBe(0);
    expect(receiver.received).toHaveLength(1);
    // As if the first had died: nobody has noted anything, and its claim is over.
    await later();
    answers(204);
    expect(await deliverAlerts(ctx)).toBe(1);
    expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id']);
    release();
    await first;
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });
});

describe('the duty', () => {
  it('is one worker’s at a time, judges and sends at once, and is given back at the end', async () => {
    await setStatus('needs_reauth');
    const holder = '00000000-0000-4000-8000-000000000001';
    await sql`insert into leases values ('alerts', ${holder}, now() + interval '1 minute')`.execute(bed.db);
    const ending = new AbortController();
    const watched: EngineContext = { ...ctx, bootId: '00000000-0000-4000-8000-000000000002' };
    const idle = watchAlerts(watched, ending.signal);
    ending.abort();
    await idle;
    expect(await deliveries()).toEqual([]);

    await sql`update leases set held_until = now() - interval '1 second'`.execute(bed.db);
    const again = new AbortController();
    receiver.answer = (_, response) => {
      response.writeHead(204).end();
      again.abort();
    };
    await watchAlerts(watched, again.signal);
    expect(receiver.received).toHaveLength(1);
    expect(await sql`select from leases where name = 'alerts'`.execute(bed.db)).toMatchObject({ rows: [] });
  });
});
