import { practicePanther } from '@syncline/connectors';
import { type SimulatorOptions, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { describe, expect, it } from 'vitest';
import { type ContractVendor, connectorContract } from './contract-suite.js';
import { accessTo, type Name, names, openPracticePanther } from './practicepanther-vendor.js';

/** More than a page of everything. */
const sizes = { contacts: 430, users: 130, notes: 230, emails: 220, events: 210, timeentries: 240 };

/** A field of each kind of record that has to be text. */
const textField: Record<Name, string> = {
  users: 'email',
  customfields: 'label',
  accounts: 'notes',
  contacts: 'email',
  matters: 'name',
  tasks: 'subject',
  notes: 'subject',
  emails: 'subject',
  events: 'location',
  timeentries: 'description',
};

async function openContractVendor(): Promise<ContractVendor> {
  const simulator = await startSimulator(sizes);
  const { clientId } = simulator.credentials;
  return {
    // A body costs a request of its own; what that comes to is another matter (email-bodies.test.ts).
    access: accessTo(simulator, { emailBodies: 'never' }),
    wrongCredentials: { clientId, clientSecret: 'wrong', refreshToken: 'wrong' },
    ids: (entity) => simulator.store.ids(entity as Name),
    now: () => new Date(simulator.clock.nowMs()),
    alwaysWhole: ['customfields'],
    searchedFor: ['customfields'],
    change: (entity) => {
      simulator.clock.advance(10);
      const { edited, added } = simulator.store.mutate({ edits: { [entity]: 1 }, adds: { [entity]: 1 } });
      return [...edited[entity as Name], ...added[entity as Name]];
    },
    shareTime: (entity, count) => {
      if (entity === 'customfields') return undefined;
      simulator.clock.advance(10);
      const at = new Date(simulator.clock.nowMs());
      return { ids: simulator.store.shareTimestamp(entity as Name, count, { at }), at };
    },
    poison: (entity) => {
      const ids = simulator.store.ids(entity as Name);
      const id = ids[Math.floor(ids.length / 2)] ?? '';
      // Without `touch`: the record keeps its place in time, as one that was always so.
      simulator.store.set(entity as Name, id, { fields: { [textField[entity as Name]]: ['no text'] }, touch: false });
      return id;
    },
    requests: () => simulator.requests.entries.filter(({ path }) => path.toLowerCase().startsWith('/api/')).length,
    close: () => simulator.close(),
  };
}

connectorContract(practicePanther, openContractVendor);

describe('whatever the vendor does with parameters that its documents leave open', () => {
  async function readAll(options: SimulatorOptions): Promise<void> {
    const { simulator, read } = await openPracticePanther({ contacts: 330, ...options });
    for (const name of names) {
      expect([...(await read(name)).keys()].sort(), name).toEqual([...simulator.store.ids(name)].sort());
    }
  }

  it.each<[string, SimulatorOptions['quirks']]>([
    ['$top, $skip and $orderby are ignored', { ignorePaging: true }],
    ['updated_since leaves its bound out', { exclusiveSince: true }],
    ['archived records are left out unless asked for', { archivedHidden: true }],
    ['contacts have no status', { contactsWithoutStatus: true }],
    ['lists carry the bodies of emails', { emailBodiesListed: true }],
  ])('every record is read when %s', async (_, quirks) => {
    await readAll({ quirks });
  });
});
