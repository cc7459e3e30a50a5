import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type Connector,
  defineConnector,
  defineEntity,
  type Entity,
  entityOf,
  type PageRequest,
  type SyncSettings,
  withGeneralInterval,
  withSettings,
} from './connector.js';
import { mapRecord } from './record/map-record.js';
import { roadSettings } from './road-settings.js';
import { sweepSettings } from './sweep-settings.js';
import type { Reference } from './table.js';

function entity(name: string, dependsOn: string[] = [], refersTo: string[] = []): Entity {
  const references = refersTo.map(
    (parent): Reference => ({ entity: parent, from: 'p', to: 'p', take: { p_id: 'id' } }),
  );
  return defineEntity({
    name,
    dependsOn,
    table: { name, key: 'key', raw: 'raw', columns: { p: 'text' }, references },
    mapping: { schema: z.object({ id: z.string() }), key: (record) => record.id, map: () => ({}) },
    fetchPage: async () => ({ records: [], lossless: false, next: undefined, vendorTime: undefined }),
  });
}

function connector(...entities: Entity[]): Connector {
  const settings = z.object({
    ...sweepSettings,
    baseUrl: z.string(),
    pageSize: z.number(),
    maxPages: z.number(),
    overlapSeconds: z.number(),
    lookBackDays: z.number(),
    maxOpenFailedItems: z.number(),
    ...roadSettings,
  });
  return defineConnector({
    id: 'shop',
    displayName: 'Shop',
    credentials: z.object({}),
    settings,
    auth: {
      isFresh: () => true,
      acquire: async () => ({ accessToken: '', expiresAt: '' }),
      authorize: (request) => request,
      isRejected: () => false,
    },
    budgetIdentity: () => 'shop',
    budget: () => [],
    entities,
    probe: async () => ({}),
  });
}

it('an entity brings only what is declared after it and depends on it', () => {
  const bringing = { ...entity('orders'), brings: ['lines'] };
  expect(() => connector(bringing, entity('lines', ['orders']))).not.toThrow();
  for (const others of [[], [entity('lines')]]) {
    expect(() => connector(bringing, ...others)).toThrow('orders brings lines');
  }
});

it('a history has a beginning, entities, and whatever these bring', () => {
  const past = { ...entity('orders'), brings: ['lines'], history: true as const };
  const lines = entity('lines', ['orders']);
  const begun = (...entities: Entity[]) =>
    defineConnector({ ...connector(), entities, history: { from: () => '2024-04' } });
  expect(() => begun(past, { ...lines, history: true })).not.toThrow();
  expect(() => begun(past, lines)).toThrow('so has to have what it brings: lines');
  expect(() => begun(entity('orders'))).toThrow('a history has both');
  expect(() => connector({ ...entity('orders'), history: true })).toThrow('a history has both');
  const modes = { past: { doc: 'What was.', entities: [], history: true as const } };
  expect(() => defineConnector({ ...connector(entity('orders')), modes })).toThrow('a missing history');
});

describe('a connector', () => {
  it('declares parents before their children', () => {
    const shop = connector(entity('customers'), entity('orders', ['customers'], ['customers']));
    expect(shop.entities.map(({ name }) => name)).toEqual(['customers', 'orders']);
  });

  it('is refused when an entity depends on one that comes later, on itself, or on none', () => {
    expect(() => connector(entity('orders', ['customers']), entity('customers'))).toThrow(
      'shop: orders needs customers declared before it',
    );
    expect(() => connector(entity('orders', ['orders']))).toThrow('orders needs orders');
    expect(() => connector(entity('orders', ['nobody']))).toThrow('orders needs nobody');
  });

  it('is refused when a table refers to an entity that comes later', () => {
    expect(() => connector(entity('orders', [], ['customers']), entity('customers'))).toThrow(
      'orders needs customers declared before it',
    );
  });

  it('is refused when two entities have one name', () => {
    expect(() => connector(entity('orders'), entity('orders'))).toThrow('shop: orders is declared twice');
  });

  it('is refused when it proposes two schedules of one name', () => {
    const often = { name: 'often', mode: 'full', entities: [], everySeconds: 900 } as const;
    const shop = connector(entity('customers'));
    expect(defineConnector({ ...shop, schedules: [often] }).schedules).toEqual([often]);
    expect(() => defineConnector({ ...shop, schedules: [often, { ...often, everySeconds: 60 }] })).toThrow(
      'shop: the schedule often is declared twice',
    );
  });

  it('has its general schedule as often as the installation wants it, and its others as it proposes them', () => {
    const general = { name: 'hourly', mode: 'incremental', entities: [], everySeconds: 3600, general: true } as const;
    const often = { name: 'often', mode: 'full', entities: [], everySeconds: 900 } as const;
    const nightly = { name: 'nightly', mode: 'full', entities: [], cron: '0 2 * * *', timeZone: 'UTC' } as const;
    const shop = defineConnector({ ...connector(entity('customers')), schedules: [general, often, nightly] });
    const plain = connector(entity('customers'));
    const [changed, same] = withGeneralInterval([shop, plain], 600);
    expect(changed?.schedules).toEqual([{ ...general, everySeconds: 600 }, often, nightly]);
    expect(changed?.entities).toBe(shop.entities);
    expect(shop.schedules).toEqual([general, often, nightly]);
    expect(same).toBe(plain);
  });

  it('finds its entities by name, and says so when there is none', () => {
    const shop = connector(entity('customers'));
    expect(entityOf(shop, 'customers').name).toBe('customers');
    expect(() => entityOf(shop, 'orders')).toThrow('shop has no entity orders');
  });
});

describe('an entity', () => {
  interface ShopSettings extends SyncSettings {
    readonly currency: string;
  }
  const settings = { currency: 'CHF' } as ShopSettings;
  const asked: (ShopSettings | undefined)[] = [];
  const orders = defineEntity({
    name: 'orders',
    dependsOn: [],
    table: { name: 'orders', key: 'key', raw: 'raw', columns: { currency: 'text' } },
    mapping: {
      schema: z.object({ id: z.string() }),
      key: (record) => record.id,
      map: (_record, _flag, given?: ShopSettings) => ({ currency: given?.currency ?? 'EUR' }),
    },
    fetchPage: async (request: PageRequest<ShopSettings>) => {
      asked.push(request.settings);
      return { records: [], lossless: false, next: undefined, vendorTime: undefined };
    },
  });
  const nobody = () => Promise.reject(new Error('nobody asks'));
  const request = { client: { get: nobody, post: nobody }, cursor: undefined };
  const valuesBy = (entity: Entity) => mapRecord(entity.mapping, { id: 'a' });

  it('is read and mapped with the settings of its connection', async () => {
    const own = withSettings(orders, settings);
    await own.fetchPage({ ...request, since: undefined, pageSize: 1 });
    expect(asked.splice(0)).toEqual([settings]);
    expect(valuesBy(own)).toMatchObject({ ok: { values: { currency: 'CHF' } } });
    expect(own.table).toBe(orders.table);
  });

  it('makes do without them', async () => {
    await orders.fetchPage({ ...request, since: undefined, pageSize: 1 });
    expect(asked.splice(0)).toEqual([undefined]);
    expect(valuesBy(orders)).toMatchObject({ ok: { values: { currency: 'EUR' } } });
  });
});

describe('the modes of a connector', () => {
  const offering = (modes: Connector['modes'], entities: Entity[]) =>
    defineConnector({ ...connector(...entities), ...(modes && { modes }) });

  it('name entities that there are, and scopes that these know', () => {
    const scoped = { ...entity('a'), scopes: ['active'] };
    const scope = { name: 'active', days: 30 };
    expect(offering({ now: { doc: '', entities: ['a'], scope } }, [scoped]).modes?.['now']?.scope).toEqual(scope);
    expect(() => offering({ all: { doc: '', entities: ['b'] } }, [scoped])).toThrow(/all asks for b/);
    expect(() => offering({ now: { doc: '', entities: ['a'], scope } }, [entity('a')])).toThrow(/scope active/);
  });
});
