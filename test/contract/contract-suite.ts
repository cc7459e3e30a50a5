import { randomUUID } from 'node:crypto';
import {
  type Connector,
  type Cursor,
  type Entity,
  mapRecord,
  type Span,
  SyncError,
  type VendorClient,
  withSettings,
} from '@syncline/connector-kit';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenVendor, openVendor, type VendorAccess } from './open-vendor.js';

/** A vendor's simulator, as far as the contract needs it. */
export interface ContractVendor {
  readonly access: VendorAccess;
  readonly wrongCredentials: unknown;
  /** Ids of an entity's records, as the vendor has them now. */
  ids(entity: string): readonly string[];
  /** The vendor's present. */
  now(): Date;
  /** Edits one of the entity's records and adds another, some seconds after everything else; gives their ids. */
  change(entity: string): readonly string[];
  /** Gives so many records of the entity one and the same time of change; undefined if they have none. */
  shareTime(entity: string, count: number): { readonly ids: readonly string[]; readonly at: Date } | undefined;
  /** Makes one record of the entity unreadable for the connector, without losing its id. */
  poison(entity: string): string;
  /** Entities whose lists cannot be asked for changes that are sure to be all: they are read whole every time. */
  readonly alwaysWhole?: readonly string[];
  /** Entities of which one record is looked for in its lists, because by itself it does not say enough. */
  readonly searchedFor?: readonly string[];
  /** HTTP requests that came for data, tokens not counted. */
  requests(): number;
  close(): Promise<void>;
}

/**
 * What every connector owes the engine, whatever its vendor: checked over real HTTP against its simulator. A new
 * connector passes this before anything else is said about it.
 */
export function connectorContract(
  connector: Connector,
  openSimulator: () => Promise<ContractVendor>,
  /** Entities that are lists of records, each with a time of change; all unless given. */
  lists: readonly string[] = connector.entities.map(({ name }) => name),
): void {
  describe(`${connector.id} keeps the connector's contract`, () => {
    let bed: TestBed;
    let vendor: ContractVendor;
    let open: OpenVendor;

    beforeAll(async () => {
      bed = await createTestBed();
      vendor = await openSimulator();
      open = await openVendor(bed, connector, vendor.access);
    });
    afterAll(async () => {
      await open.close();
      await vendor.close();
      await bed.close();
    });

    it('proves its credentials with a probe', async () => {
      expect(Object.keys(await connector.probe(open.client))).not.toEqual([]);
    });

    it('says that wrong credentials are wrong', async () => {
      const other = await createTestBed();
      const wrong = await openVendor(other, connector, { ...vendor.access, credentials: vendor.wrongCredentials });
      const failure = await connector.probe(wrong.client).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SyncError);
      expect((failure as SyncError).code).toBe('UPSTREAM_AUTH');
      await wrong.close();
      await other.close();
    });

    const entities = connector.entities.filter(({ name }) => lists.includes(name));
    describe.each(entities.map((entity) => [entity.name, entity] as const))('%s', (name, declared) => {
      let entity: Entity;
      beforeAll(() => {
        const { baseUrl, settings } = vendor.access;
        entity = withSettings(declared, connector.settings.parse({ baseUrl, ...settings }));
      });

      it('reads every record once, the same twice', async () => {
        const first = await readAll(entity, open.client);
        expect(first.keys.toSorted()).toEqual([...vendor.ids(name)].sort());
        expect(first.rejected).toEqual([]);
        expect((await readAll(entity, open.client)).keys).toEqual(first.keys);
      });

      it('costs a request a page', async () => {
        const before = vendor.requests();
        const { pages } = await readAll(entity, open.client);
        expect(vendor.requests() - before).toBe(pages);
        expect(pages).toBeGreaterThan(1);
      });

      it('goes on at any cursor, after a trip through JSON', async () => {
        const whole = await readAll(entity, open.client);
        const page = await entity.fetchPage({
          client: open.client,
          cursor: undefined,
          since: undefined,
          pageSize: 100,
        });
        const stored = JSON.parse(JSON.stringify(page.next)) as Cursor;
        const rest = await readAll(entity, open.client, undefined, stored);
        expect([...page.records.map((record) => keyOf(entity, record)), ...rest.keys]).toEqual(whole.keys);
      });

      it('says of a cursor of another release that it cannot read it', async () => {
        for (const cursor of [{}, { of: 'another release' }]) {
          const page = entity.fetchPage({ client: open.client, cursor, since: undefined, pageSize: 100 });
          expect(await page.catch((error: unknown) => error)).toMatchObject({ code: 'CURSOR_UNREADABLE' });
        }
      });

      it('brings nothing, and no error, since now and since a time that has not come', async () => {
        const nothing = vendor.alwaysWhole?.includes(name) ? (await readAll(entity, open.client)).keys : [];
        expect((await readAll(entity, open.client, vendor.now())).keys).toEqual(nothing);
        expect((await readAll(entity, open.client, new Date('2999-01-01T00:00:00Z'))).keys).toEqual(nothing);
      });

      it('brings of a span what changed in it, both ends included, and nothing else', async () => {
        const { keys, times } = await readAll(entity, open.client);
        const known = times.filter((time) => time !== undefined).toSorted();
        const [from = '', to = ''] = [known[Math.floor(known.length * 0.3)], known[Math.floor(known.length * 0.6)]];
        const meant = keys.filter((_, i) => times[i] !== undefined && times[i] >= from && times[i] <= to);
        const span = { from: new Date(from || '2024-01-01'), to: new Date(to || '2024-06-30') };
        const read = await readAll(entity, open.client, span.from, undefined, span);
        if (known.length > 0) expect(read.keys.toSorted()).toEqual(meant.toSorted());
        // Records without a time of their own: all of them, or those that the connector can tell by something else.
        else if (vendor.alwaysWhole?.includes(name)) expect(read.keys).toEqual(keys);
        else expect(keys).toEqual(expect.arrayContaining(read.keys));
      });

      it('brings what was edited and what was added, since then', async () => {
        const before = vendor.now();
        const changed = vendor.change(name);
        const { keys, rejected } = await readAll(entity, open.client, new Date(before.getTime() + 1_000));
        expect(rejected).toEqual([]);
        expect(keys).toEqual(expect.arrayContaining([...changed]));
        // What shares an account, or a list without times, comes along; not everybody else.
        if (!vendor.alwaysWhole?.includes(name)) expect(keys.length).toBeLessThan(10);
        expect(new Set(keys).size).toBe(keys.length);
      });

      it('brings all that have one and the same time, across pages, inclusive of that time', async () => {
        const shared = vendor.shareTime(name, 110);
        if (shared === undefined) return;
        const { keys } = await readAll(entity, open.client, shared.at);
        expect(shared.ids.filter((id) => !keys.includes(id))).toEqual([]);
        expect(new Set(keys).size).toBe(keys.length);
      });

      it.runIf(declared.fetchOne)('gives one record by its id, the same as its list does', async () => {
        const { records } = await entity.fetchPage({
          ...{ client: open.client, cursor: undefined, since: undefined, pageSize: 100 },
        });
        for (const record of [records[0], records.at(-1)]) {
          const before = vendor.requests();
          const { json } = (await entity.fetchOne?.(open.client, keyOf(entity, record))) ?? {};
          // What only one or the other brings (a scope, a body) is no part of the record.
          expect(ownOf(entity, json)).toEqual(ownOf(entity, record));
          if (!vendor.searchedFor?.includes(name)) expect(vendor.requests() - before).toBe(1);
        }
      });

      it.runIf(declared.fetchOne)('says of a record that is not there that it is not, however odd its id', async () => {
        for (const id of [randomUUID(), '../accounts', '?$top=1', 'ä/ö#', '..']) {
          const failure = await entity.fetchOne?.(open.client, id).catch((error: unknown) => error);
          expect(failure, id).toBeInstanceOf(SyncError);
          expect((failure as SyncError).code, id).toBe('UPSTREAM_REJECTED');
          expect((failure as SyncError).details['status'], id).toBe(404);
        }
      });

      it("tells the vendor's time", async () => {
        const page = await entity.fetchPage({
          client: open.client,
          cursor: undefined,
          since: undefined,
          pageSize: 100,
        });
        const { vendorTime = new Date(0) } = page;
        expect(vendorTime.getTime()).toBeLessThanOrEqual(vendor.now().getTime());
        expect(vendorTime.getTime()).toBeGreaterThan(vendor.now().getTime() - 60_000);
      });

      it('lets one unreadable record be its own problem', async () => {
        const id = vendor.poison(name);
        const { keys, rejected } = await readAll(entity, open.client);
        expect(rejected).toEqual([id]);
        expect(keys).toHaveLength(vendor.ids(name).length - 1);
      });
    });
  });
}

async function readAll(entity: Entity, client: VendorClient, since?: Date, from?: Cursor, span?: Span) {
  const keys: string[] = [];
  const times: (string | undefined)[] = [];
  const rejected: (string | undefined)[] = [];
  let pages = 0;
  let cursor = from;
  do {
    const page = await entity.fetchPage({ client, cursor, since, span, pageSize: 100 });
    pages += 1;
    for (const record of page.records) {
      const outcome = mapRecord(entity.mapping, record);
      if ('ok' in outcome) {
        keys.push(outcome.ok.key);
        times.push(outcome.ok.sourceUpdatedAt ?? undefined);
      } else rejected.push(outcome.rejected.key);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return { keys, times, rejected, pages };
}

/** The vendor's own record, as it is stored. */
function ownOf(entity: Entity, record: unknown): unknown {
  const outcome = mapRecord(entity.mapping, record);
  return 'ok' in outcome ? outcome.ok.raw : outcome;
}

function keyOf(entity: Entity, record: unknown): string {
  const outcome = mapRecord(entity.mapping, record);
  return 'ok' in outcome ? outcome.ok.key : '';
}
