import {
  type Cursor,
  entityOf,
  type MapOutcome,
  mapRecord,
  type VendorClient,
  withSettings,
} from '@syncline/connector-kit';
import { notion } from '@syncline/connectors';
import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/notion/simulator';
import { createTestBed } from '@syncline/testing';
import { onTestFinished } from 'vitest';
import { openVendor, type VendorAccess } from './open-vendor.js';

/** What is found out about a simulated database; tests of that itself begin without. */
function surveyedDatabase({ databaseId, store: { agency } }: Simulator) {
  const property = (id: string) => {
    const { name = '', type = '' } = agency.schema.find((candidate) => candidate.id === id) ?? {};
    return { id, name, type };
  };
  return {
    databaseId,
    dataSourceId: agency.sources[0]?.id,
    properties: {
      name: property('title'),
      contact_email: property('aB%3Dc'),
      products_services: property('Xy1%7D'),
      status: property('St%40t'),
    },
    drift: [],
  };
}

export function accessTo(simulator: Simulator, more: Readonly<Record<string, unknown>> = {}): VendorAccess {
  const { url, credentials, databaseId } = simulator;
  const database = surveyedDatabase(simulator);
  return { baseUrl: url, credentials, settings: { databaseId, database, requestsPerSecond: 1_000, ...more } };
}

export interface OpenNotion {
  readonly simulator: Simulator;
  readonly client: VendorClient;
  /** Everything that a run reads, mapped, by vendor id; and how often each page came. */
  read(options?: {
    since?: Date;
    pageSize?: number;
    betweenPages?: (page: number) => void;
  }): Promise<{ records: Map<string, MapOutcome>; times: Map<string, number>; pages: number }>;
  /** One page by its id, mapped. */
  one(id: string): Promise<MapOutcome>;
  /** Requests whose path matches, since the simulator's log was reset. */
  asked(path: RegExp): number;
}

/** A simulated Notion without a quota and the connector, over the real road, for the test that is running. */
export async function openNotion(
  options: SimulatorOptions = {},
  settings: Readonly<Record<string, unknown>> = { pageBodies: 'never' },
): Promise<OpenNotion> {
  const simulator = await startSimulator({ ...options, quirks: { quota: null, ...options.quirks } });
  const bed = await createTestBed();
  const access = accessTo(simulator, { maxRetries: 1, ...settings });
  const open = await openVendor(bed, notion, access);
  onTestFinished(async () => {
    await open.close();
    await simulator.close();
    await bed.close();
  });
  const { client } = open;
  const entity = withSettings(entityOf(notion, 'clients'), notion.settings.parse(access.settings));
  return {
    simulator,
    client,
    read: async ({ since, pageSize = 100, betweenPages } = {}) => {
      const records = new Map<string, MapOutcome>();
      const times = new Map<string, number>();
      let pages = 0;
      let cursor: Cursor | undefined;
      do {
        const page = await entity.fetchPage({ client, cursor, since, pageSize });
        pages += 1;
        for (const record of page.records) {
          const outcome = mapRecord(entity.mapping, record);
          const key = 'ok' in outcome ? outcome.ok.key : (outcome.rejected.key ?? '');
          records.set(key, outcome);
          times.set(key, (times.get(key) ?? 0) + 1);
        }
        cursor = page.next && (JSON.parse(JSON.stringify(page.next)) as Cursor);
        if (cursor !== undefined) betweenPages?.(pages);
        if (pages > 1_000) throw new Error('the walk does not end');
      } while (cursor !== undefined);
      return { records, times, pages };
    },
    one: async (id) => mapRecord(entity.mapping, (await entity.fetchOne?.(client, id))?.json),
    asked: (path) => simulator.requests.entries.filter((request) => path.test(request.path)).length,
  };
}

/** The columns of a record that fits. */
export function valuesOf(outcome: MapOutcome | undefined): Readonly<Record<string, unknown>> {
  if (outcome === undefined || !('ok' in outcome)) throw new Error('the record does not fit');
  return outcome.ok.values;
}
