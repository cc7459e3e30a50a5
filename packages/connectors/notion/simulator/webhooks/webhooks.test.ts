import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Received, startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.js';
import type { Simulator } from '../simulator.js';
import { startSimulator } from '../start-simulator.js';
import { signatureOf } from './signature.js';
import type { WebhookSettings } from './webhook-settings.js';

const token = 'secret_ofTheTests0000000000000000000000000';
let answer: (request: Received) => number | null;
let receiver: WebhookReceiver;
let simulator: Simulator;
beforeEach(async () => {
  answer = () => 200;
  receiver = await startWebhookReceiver((request) => answer(request));
  simulator = await startSimulator({ clients: 30, dataSources: 2, webhooks: { backoffMs: 0.2, holdMs: 20 } });
});
afterEach(async () => {
  await simulator.close();
  await receiver.close();
});

/** Everything that came, for changes that are made with a subscription of old. */
async function sent(settings: Partial<WebhookSettings>, change: () => void): Promise<readonly Received[]> {
  simulator.webhooks.set(settings);
  simulator.webhooks.attach({ url: receiver.url, token });
  change();
  await simulator.webhooks.idle();
  return receiver.received;
}
const editAll = () => {
  for (const id of simulator.store.ids()) simulator.store.edit(id);
};
const isGenuine = ({ raw, headers }: Received) =>
  headers['x-notion-signature'] === `sha256=${createHmac('sha256', token).update(raw).digest('hex')}`;
const idOf = (at: number) => simulator.store.ids()[at] ?? '';
const ids = (requests: readonly Received[]) => requests.map(({ body }) => body.id);

describe('a handshake', () => {
  it.each(['signed', 'unsigned'] as const)(
    'comes once, %s, and events only after the token came back',
    async (mode) => {
      const { store, webhooks } = simulator;
      const { token: made, status } = await webhooks.subscribe({ url: receiver.url, mode });
      expect(status).toBe(200);
      expect(made).toMatch(/^secret_.{20,}/);
      store.edit(idOf(0));
      await webhooks.idle();
      expect(receiver.received.map(({ raw }) => raw.toString())).toEqual([
        JSON.stringify({ verification_token: made }),
      ]);
      const signature = receiver.received[0]?.headers['x-notion-signature'];
      expect(signature).toBe(mode === 'signed' ? signatureOf(receiver.received[0]?.raw as Buffer, made) : undefined);

      expect(() => webhooks.verify('secret_of_somebody_else')).toThrow('No subscription');
      webhooks.verify(made);
      store.edit(idOf(1));
      await webhooks.idle();
      expect(receiver.received.slice(1).map(({ body }) => body.entity.id)).toEqual([idOf(1)]);
      webhooks.unsubscribe();
      store.edit(idOf(2));
      await webhooks.idle();
      expect(receiver.received).toHaveLength(2);
    },
  );

  it('that nobody answers says so', async () => {
    await receiver.close();
    expect(await simulator.webhooks.subscribe({ url: receiver.url })).toMatchObject({ status: null });
  });
});

describe('an event', () => {
  it("is signed over its bytes, as the vendor's documents have it", async () => {
    const body = Buffer.from('{"id":"367cba44-b6f3-4c92-81e7-6a2e9659efd4","type":"page.created"}');
    expect(signatureOf(body, 'secret_exampleVerificationToken0000000000')).toBe(
      'sha256=a1e99e6bfe80190235f1d349a255b6f3a2f0aeae3a91b1bbaf89f28e73bf0bcf',
    );
    const [event] = await sent({}, () => simulator.store.edit(idOf(0)));
    expect(event && isGenuine(event)).toBe(true);
    expect(event?.headers).not.toHaveProperty('x-notion-timestamp');
  });

  it('comes of each change that the vendor tells of, and of no other', async () => {
    const { store, clock } = simulator;
    const [first, second] = store.agency.sources.map(({ id }) => id);
    const id = idOf(0);
    clock.stop(true);
    const events = await sent({ concurrency: 1 }, () => {
      store.share(id, false);
      store.edit(id);
      store.share(id, true);
      store.edit(id);
      store.set(id, 'Contact Email', 'new@acme.example');
      store.rename(id, 'Another');
      store.setBlocks(id, [{ id: idOf(9), type: 'paragraph', text: 'New.', children: [] }]);
      store.trash(id);
      store.trash(id);
      store.trash(id, false);
      store.move(id, second ?? '');
      store.renameProperty('Phone', 'Telephone');
      store.removeProperty('MRR');
      store.addProperty({ id: 'nw', name: 'New', type: 'number' });
    });
    const parent = (source = first) => ({
      id: simulator.databaseId,
      type: 'database',
      data_source_id: source,
    });
    const page = (type: string, more: object = {}) => [type, id, { parent: parent(), ...more }];
    const schema = (property: object) =>
      [first, second].map((source) => [
        'data_source.schema_updated',
        source,
        { parent: { id: simulator.databaseId, type: 'database' }, updated_properties: [property] },
      ]);
    expect(events.map(({ body }) => [body.type, body.entity.id, body.data])).toEqual([
      page('page.properties_updated', { updated_properties: ['nt'] }),
      page('page.properties_updated', { updated_properties: ['aB%3Dc'] }),
      page('page.content_updated', { updated_blocks: [] }),
      page('page.content_updated', { updated_blocks: [{ id: idOf(8), type: 'block' }] }),
      page('page.deleted'),
      page('page.undeleted'),
      ['page.moved', id, { parent: parent(second) }],
      ...schema({ id: 'ph', name: 'Telephone', action: 'updated' }),
      ...schema({ id: 'mr', name: 'MRR', action: 'deleted' }),
      ...schema({ id: 'nw', name: 'New', action: 'created' }),
    ]);
    expect(events[0]?.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestamp: new Date(clock.nowMs()).toISOString(),
      workspace_id: store.agency.workspace.id,
      workspace_name: 'Agence Simulée',
      subscription_id: simulator.webhooks.report().subscriptions[0]?.id,
      integration_id: store.agency.integrationId,
      type: 'page.properties_updated',
      authors: [{ id: store.agency.personId, type: 'person' }],
      attempt_number: 1,
      api_version: '2025-09-03',
      entity: { id, type: 'page' },
      data: { parent: parent(), updated_properties: ['nt'] },
    });
    expect(events.every(isGenuine)).toBe(true);
    expect(new Set(ids(events)).size).toBe(events.length);
  });

  it('is sent again with its id and a higher number, up to eight times', async () => {
    const statuses = [500, null, 302, 404];
    answer = ({ body: { attempt_number: attempt, entity } }) => {
      if (attempt <= statuses.length) return statuses[attempt - 1] ?? null;
      return entity.id === idOf(0) ? 204 : 503;
    };
    const requests = await sent({ timeoutMs: 60 }, () => {
      simulator.store.edit(idOf(0));
      simulator.store.edit(idOf(1));
    });
    const of = (id: string) => requests.filter(({ body }) => body.entity.id === id);
    const attempts = (id: string) => of(id).map(({ body }) => body.attempt_number);
    expect(attempts(idOf(0))).toEqual([1, 2, 3, 4, 5]);
    expect(attempts(idOf(1))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(ids(of(idOf(0)))).size).toBe(1);
    expect(requests.every(isGenuine)).toBe(true);
    const { delivered, givenUp, genuine } = simulator.state().webhooks;
    expect({ delivered, givenUp, genuine }).toEqual({
      ...{ delivered: 1, givenUp: 1 },
      genuine: { sent: 13, accepted: 1, refused: { 302: 2, 404: 2, 500: 2, 503: 4 }, unanswered: 2 },
    });
  });

  it('is made of all updates of its page within a window', async () => {
    const { store } = simulator;
    const events = await sent({ windowMs: 30 }, () => {
      store.edit(idOf(0));
      store.set(idOf(0), 'Phone', '1');
      store.edit(idOf(0));
      store.edit(idOf(1));
      store.trash(idOf(0));
    });
    expect(events.map(({ body }) => [body.type, body.entity.id, body.data['updated_properties']])).toEqual([
      ['page.deleted', idOf(0), undefined],
      ['page.properties_updated', idOf(0), ['nt', 'ph']],
      ['page.properties_updated', idOf(1), ['nt']],
    ]);
  });
});

describe('mischief', () => {
  it('drops events, the same for the same seed', async () => {
    const dropped = async (seed: number) => {
      const before = simulator.webhooks.deliveries.length;
      simulator.webhooks.set({ drop: 0.5, seed });
      editAll();
      await simulator.webhooks.idle();
      const own = simulator.webhooks.deliveries.slice(before);
      return own.filter(({ isDropped }) => isDropped).map(({ entityId }) => simulator.store.ids().indexOf(entityId));
    };
    const other = await startSimulator({ clients: 30 });
    simulator.webhooks.attach({ url: receiver.url, token });
    const first = await dropped(7);
    expect(first.length).toBeGreaterThan(4);
    expect(first.length).toBeLessThan(26);
    expect(receiver.received).toHaveLength(30 - first.length);
    expect(simulator.webhooks.report()).toMatchObject({ events: 30, dropped: first.length, pending: 0 });
    await simulator.close();
    simulator = other;
    simulator.webhooks.attach({ url: receiver.url, token });
    expect(await dropped(7)).toEqual(first);
    expect(await dropped(8)).not.toEqual(first);
  });

  it('sends events twice or three times', async () => {
    const requests = await sent({ duplicate: 0.5 }, editAll);
    const times = [...new Set(ids(requests))].map((id) => requests.filter(({ body }) => body.id === id).length);
    expect(new Set(times)).toEqual(new Set([1, 2, 3]));
    expect(requests.every(isGenuine)).toBe(true);
    const { copies, delivered } = simulator.webhooks.report();
    expect({ copies, delivered }).toEqual({ copies: requests.length - 30, delivered: 30 });
  });

  it('holds events back until later ones have been answered', async () => {
    const requests = await sent({ reorder: 0.4, holdMs: 600_000, concurrency: 1 }, () => {
      editAll();
      // Those that wait for the last ones are let go by these.
      simulator.webhooks.set({ reorder: 0 });
      for (const id of simulator.store.ids().slice(0, 4)) simulator.store.trash(id);
    });
    const edits = requests.filter(({ body }) => body.type === 'page.properties_updated');
    const order = edits.map(({ body }) => body.entity.id);
    expect(order).not.toEqual(simulator.store.ids());
    expect([...order].sort()).toEqual([...simulator.store.ids()].sort());
    expect(simulator.webhooks.report().heldBack).toBeGreaterThan(4);
  }, 20_000);

  it('does not hold the only event back for ever', async () => {
    expect(await sent({ reorder: 1 }, () => simulator.store.edit(idOf(0)))).toHaveLength(1);
  });

  it('sends everything late, and not at all to those who have gone by then', async () => {
    simulator.webhooks.set({ delayMs: 40 });
    simulator.webhooks.attach({ url: receiver.url, token });
    simulator.store.edit(idOf(0));
    expect(simulator.webhooks.report()).toMatchObject({ events: 1, pending: 1, genuine: { sent: 0 } });
    await simulator.webhooks.idle();
    expect(receiver.received).toHaveLength(1);
    simulator.store.edit(idOf(0));
    simulator.webhooks.unsubscribe();
    await simulator.webhooks.idle();
    expect(receiver.received).toHaveLength(1);
  });

  it('forges events beside the real ones, never in their place', async () => {
    answer = (request) => (isGenuine(request) ? 200 : 401);
    const requests = await sent({ forge: 0.8, drop: 0.3 }, editAll);
    const genuine = requests.filter(isGenuine);
    const forged = requests.filter((request) => !isGenuine(request));
    const { forged: counted, delivered, dropped } = simulator.webhooks.report();
    expect([delivered, delivered + dropped]).toEqual([new Set(genuine.map(({ body }) => body.entity.id)).size, 30]);
    expect(forged.length).toBeGreaterThan(10);
    expect(ids(genuine)).toEqual(expect.arrayContaining(ids(forged)));
    const known = new Set(simulator.store.ids());
    const kinds = forged.map(({ headers, body }) => {
      if (headers['x-notion-signature'] === undefined) return 'unsigned';
      return known.has(body.entity.id) ? 'wrong secret' : 'tampered body';
    });
    expect(new Set(kinds)).toEqual(new Set(['unsigned', 'wrong secret', 'tampered body']));
    expect(counted).toEqual({ sent: forged.length, accepted: 0, refused: { 401: forged.length }, unanswered: 0 });
  });

  it('adds events of unknown types and of other places', async () => {
    const requests = await sent({ unknownTypes: 0.5, otherSources: 0.5, timestampHeader: true }, editAll);
    const own = new Set(simulator.store.ids());
    const foreign = requests.filter(({ body }) => !own.has(body.entity.id) && body.type === 'page.properties_updated');
    const strange = requests.filter(({ body }) => body.type !== 'page.properties_updated');
    const { unknownTypes, otherSources, delivered } = simulator.webhooks.report();
    expect([unknownTypes, otherSources, delivered]).toEqual([strange.length, foreign.length, 30]);
    expect(Math.min(unknownTypes, otherSources)).toBeGreaterThan(4);
    expect(new Set(foreign.map(({ body }) => body['workspace_id'])).size).toBeGreaterThan(1);
    expect(foreign.map(({ body }) => body.data['parent'])).not.toContainEqual(
      expect.objectContaining({ id: simulator.databaseId }),
    );
    expect(requests.every(isGenuine)).toBe(true);
    expect(requests.every(({ headers }) => Number(headers['x-notion-timestamp']) > 0)).toBe(true);
  });
});

it('all of it is to be had over the control endpoint', async () => {
  const control = async (method: string, path: string, json?: object) => {
    const body = json && JSON.stringify(json);
    const response = await fetch(`${simulator.origin}/__simulator/${path}`, { method, ...(body && { body }) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  expect((await control('PUT', 'webhooks/settings', { duplicate: 2 })).status).toBe(400);
  expect((await control('PUT', 'webhooks/settings', { attempts: 1 })).body).toMatchObject({
    attempts: 1,
    duplicate: 0,
  });
  const subscribed = await control('POST', 'webhooks/subscribe', { url: receiver.url, mode: 'unsigned' });
  expect(subscribed).toMatchObject({ status: 201, body: { status: 200 } });
  expect((await control('POST', 'webhooks/verify', { token: 'wrong' })).status).toBe(400);
  expect((await control('POST', 'webhooks/verify', { token: subscribed.body['token'] })).status).toBe(200);
  await control('POST', `pages/${idOf(0)}/edit`);
  expect(await control('GET', 'webhooks/idle')).toMatchObject({ status: 200, body: { delivered: 1, pending: 0 } });
  expect((await control('DELETE', `webhooks/${subscribed.body['id']}`)).body['subscriptions']).toEqual([]);
  const attached = await control('POST', 'webhooks/attach', { url: receiver.url, token });
  answer = () => null;
  await control('POST', `pages/${idOf(0)}/trash`);
  expect((await control('GET', 'webhooks/idle?timeoutSeconds=0.05')).status).toBe(408);
  expect((await control('GET', 'webhooks')).body).toMatchObject({
    subscriptions: [{ id: attached.body['id'], url: receiver.url, verified: true }],
    pending: 1,
  });
  expect((await control('GET', 'webhooks/deliveries')).body).toMatchObject([
    { kind: 'event', type: 'page.properties_updated', entityId: idOf(0), attempt: 1, status: 200 },
  ]);
  expect((await control('DELETE', 'webhooks/settings')).body).toMatchObject({ attempts: 8, backoffMs: 0.2 });
});
