import { type Cursor, entityOf, type MapOutcome, mapRecord, withSettings } from '@syncline/connector-kit';
import { practicePanther } from '@syncline/connectors';
import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { createTestBed } from '@syncline/testing';
import { onTestFinished } from 'vitest';
import { openVendor, type VendorAccess } from './open-vendor.js';

/** A kind of record, by the name that connector and simulator share. */
export type Name = Parameters<Simulator['store']['ids']>[0];

export const names = practicePanther.entities.map((entity) => entity.name as Name);

export function accessTo(simulator: Simulator, more: Readonly<Record<string, unknown>> = {}): VendorAccess {
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const settings = { rateLimitRequests: 100_000, ...more };
  return { baseUrl: simulator.url, credentials: { clientId, clientSecret, refreshToken }, settings };
}

export interface OpenPracticePanther {
  readonly simulator: Simulator;
  /** Everything that a run of the entity reads, mapped, by vendor id; each in its newest version. */
  read(
    name: Name,
    options?: { since?: Date; settings?: Readonly<Record<string, unknown>> },
  ): Promise<Map<string, MapOutcome>>;
  /** Requests whose path matches, since the simulator's log was reset. */
  asked(path: RegExp): number;
}

/** A simulated PracticePanther and the connector, over the real road, for the test that is running. */
export async function openPracticePanther(options: SimulatorOptions): Promise<OpenPracticePanther> {
  const simulator = await startSimulator(options);
  const bed = await createTestBed();
  const open = await openVendor(bed, practicePanther, accessTo(simulator));
  onTestFinished(async () => {
    await open.close();
    await simulator.close();
    await bed.close();
  });
  return {
    simulator,
    read: async (name, { since, settings = {} } = {}) => {
      const parsed = practicePanther.settings.parse({ ...accessTo(simulator).settings, ...settings } as never);
      const entity = withSettings(entityOf(practicePanther, name), parsed);
      const records = new Map<string, MapOutcome>();
      let cursor: Cursor | undefined;
      do {
        const page = await entity.fetchPage({ client: open.client, cursor, since, pageSize: 100 });
        for (const record of page.records) {
          const outcome = mapRecord(entity.mapping, record);
          records.set('ok' in outcome ? outcome.ok.key : (outcome.rejected.key ?? ''), outcome);
        }
        cursor = page.next;
      } while (cursor !== undefined);
      return records;
    },
    asked: (path) => simulator.requests.entries.filter((request) => path.test(request.path)).length,
  };
}
