import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene } from '../store/scene.js';

const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;

let bed: TestBed;
const received: { headers: Record<string, string>; body: string }[] = [];
let answer: (response: ServerResponse) => void = () => undefined;
const receiver = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  received.push({ headers: request.headers as Record<string, string>, body });
  answer(response);
});

beforeAll(async () => {
  bed = await createTestBed();
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await bed.close();
});

describe('a message about an alert', () => {
  it('whose worker is killed after the alert was noted and before it was taken, is sent by another one', async () => {
    const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const webhook = {
      SYNCLINE_ALERT_WEBHOOK_URL: `http://${host}/alerts`,
      SYNCLINE_ALERT_WEBHOOK_SECRET: secret,
      SYNCLINE_EGRESS_ALLOW: host,
    };
    const { connection } = await createScene(bed);
    // No vendor is at the other end of it.
    await sql`delete from sync_jobs`.execute(bed.db);
    await sql`update connections set status = 'needs_reauth'`.execute(bed.db);
    const first = await bed.startWorker(webhook);
    await eventually('the message is under way', () => received.length === 1);
    await first.kill('SIGKILL');
    const held = await bed.db.selectFrom('sync_alert_deliveries').selectAll().execute();
    expect(held).toMatchObject([{ status: 'pending', attempts: 1 }]);

    // What the dead worker has in hand, and its duty, would be free within a minute.
    await sql`update sync_alert_deliveries set next_attempt_at = now()`.execute(bed.db);
    await sql`delete from leases`.execute(bed.db);
    answer = (response) => void response.writeHead(200).end();
    await bed.startWorker(webhook);
    await eventually('it is taken', async () => {
      const rows = await bed.db.selectFrom('sync_alert_deliveries').select('status').execute();
      return rows[0]?.status === 'delivered';
    });
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([held[0]?.id, held[0]?.id]);
    for (const { headers, body } of received) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({
        type: 'alert.raised',
        data: { kind: 'needs_reauth', connection_id: connection.id, organization_id: connection.organizationId },
      });
    }
    expect(await bed.db.selectFrom('sync_alerts').select('kind').execute()).toEqual([{ kind: 'needs_reauth' }]);
  });
});
