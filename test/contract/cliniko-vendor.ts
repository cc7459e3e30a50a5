import { type Cursor, entityOf, type MapOutcome, mapRecord, type Scope, withSettings } from '@syncline/connector-kit';
import { cliniko } from '@syncline/connectors';
import {
  type Entity,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '@syncline/connectors/cliniko/simulator';
import { createTestBed } from '@syncline/testing';
import { onTestFinished } from 'vitest';
import { openVendor, type VendorAccess } from './open-vendor.js';

export const entityNames = cliniko.entities.map(({ name }) => name as Entity);

export function accessTo({ url, credentials }: Simulator, more: Readonly<Record<string, unknown>> = {}): VendorAccess {
  return { baseUrl: url, credentials, settings: { rateLimitPerMinute: 100_000, ...more } };
}

export interface OpenCliniko {
  readonly simulator: Simulator;
  /** Everything that a run of the entity reads, mapped, by vendor id; and how often each record came. */
  read(
    name: Entity,
    options?: { since?: Date; scope?: Scope; pageSize?: number; betweenPages?: (page: number) => void },
  ): Promise<{ records: Map<string, MapOutcome>; times: Map<string, number>; pages: number }>;
  /** One record by its vendor id, as it came. */
  one(name: Entity, id: string): Promise<unknown>;
  /** Requests whose path matches, since the simulator's log was reset. */
  asked(path: RegExp): number;
}

/** A simulated Cliniko without a quota and the connector, over the real road, for the test that is running. */
export async function openCliniko(options: SimulatorOptions = {}): Promise<OpenCliniko> {
  const simulator = await startSimulator({ ...options, quirks: { quota: null, ...options.quirks } });
  const bed = await createTestBed();
  const open = await openVendor(bed, cliniko, accessTo(simulator));
  onTestFinished(async () => {
    await open.close();
    await simulator.close();
    await bed.close();
  });
  return {
    simulator,
    read: async (name, { since, scope, pageSize = 100, betweenPages } = {}) => {
      const entity = withSettings(entityOf(cliniko, name), cliniko.settings.parse({}));
      const records = new Map<string, MapOutcome>();
      const times = new Map<string, number>();
      let pages = 0;
      let cursor: Cursor | undefined;
      do {
        const page = await entity.fetchPage({ client: open.client, cursor, since, scope, pageSize });
        pages += 1;
        for (const record of page.records) {
          const outcome = mapRecord(entity.mapping, record);
          const key = 'ok' in outcome ? outcome.ok.key : (outcome.rejected.key ?? '');
          records.set(key, outcome);
          times.set(key, (times.get(key) ?? 0) + 1);
        }
        cursor = page.next;
        if (cursor !== undefined) betweenPages?.(pages);
      } while (cursor !== undefined);
      return { records, times, pages };
    },
    one: async (name, id) => (await entityOf(cliniko, name).fetchOne?.(open.client, id))?.json,
    asked: (path) => simulator.requests.entries.filter((request) => path.test(request.path)).length,
  };
}
