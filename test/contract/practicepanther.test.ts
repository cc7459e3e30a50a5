import { practicePanther } from '@syncline/connectors';
import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { createTestBed } from '@syncline/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ContractVendor, connectorContract } from './contract-suite.js';
import { openVendor, type VendorAccess } from './open-vendor.js';

type Name = 'accounts' | 'contacts' | 'matters' | 'tasks';

function accessTo(simulator: Simulator): VendorAccess {
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const settings = { rateLimitRequests: 100_000 };
  return { baseUrl: simulator.url, credentials: { clientId, clientSecret, refreshToken }, settings };
}

async function openContractVendor(): Promise<ContractVendor> {
  const simulator = await startSimulator({ contacts: 430 });
  const { clientId } = simulator.credentials;
  return {
    access: accessTo(simulator),
    wrongCredentials: { clientId, clientSecret: 'wrong', refreshToken: 'wrong' },
    ids: (entity) => simulator.store.ids(entity as Name),
    now: () => new Date(simulator.clock.nowMs()),
    poison: (entity) => {
      const [id = ''] = simulator.store.ids(entity as Name).slice(150);
      // Without `touch`: the record keeps its place in time, as one that was always so.
      const field =
        entity === 'matters' ? 'name' : entity === 'tasks' ? 'subject' : entity === 'contacts' ? 'email' : 'notes';
      simulator.store.set(entity as Name, id, { fields: { [field]: ['no text'] } });
      return id;
    },
    requests: () => simulator.requests.entries.filter(({ path }) => path.toLowerCase().startsWith('/api/')).length,
    close: () => simulator.close(),
  };
}

connectorContract(practicePanther, openContractVendor);

describe('whatever the vendor does with parameters that its documents leave open', () => {
  const names = practicePanther.entities.map((entity) => entity.name as Name);

  async function readAll(options: SimulatorOptions): Promise<void> {
    const simulator = await startSimulator({ contacts: 330, ...options });
    const bed = await createTestBed();
    const open = await openVendor(bed, practicePanther, accessTo(simulator));
    onTestFinished(async () => {
      await open.close();
      await simulator.close();
      await bed.close();
    });
    for (const name of names) {
      const entity = practicePanther.entities.find((candidate) => candidate.name === name);
      const read = new Set<string>();
      let cursor: Readonly<Record<string, unknown>> | undefined;
      do {
        const page = await entity?.fetchPage({ client: open.client, cursor, since: undefined, pageSize: 100 });
        for (const record of page?.records ?? []) read.add((record as { id: string }).id);
        cursor = page?.next;
      } while (cursor !== undefined);
      expect([...read].sort(), name).toEqual([...simulator.store.ids(name)].sort());
    }
  }

  it.each<[string, SimulatorOptions['quirks']]>([
    ['$top, $skip and $orderby are ignored', { ignorePaging: true }],
    ['updated_since leaves its bound out', { exclusiveSince: true }],
    ['archived records are left out unless asked for', { archivedHidden: true }],
    ['contacts have no status', { contactsWithoutStatus: true }],
  ])('every record is read when %s', async (_, quirks) => {
    await readAll({ quirks });
  });
});
