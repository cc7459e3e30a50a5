import { cliniko } from '@syncline/connectors';
import { type Entity, startSimulator } from '@syncline/connectors/cliniko/simulator';
import { accessTo } from './cliniko-vendor.js';
import { type ContractVendor, connectorContract } from './contract-suite.js';

/** More than a page of everything. */
const sizes = {
  patients: 230,
  practitioners: 130,
  businesses: 110,
  appointmentTypes: 120,
  appointments: 320,
  groupAppointments: 120,
  attendees: 250,
};

/** A field of each kind of record that has to be text. */
const textField: Record<Entity, string> = {
  businesses: 'business_name',
  practitioners: 'designation',
  appointment_types: 'name',
  patients: 'email',
  appointments: 'notes',
  group_appointments: 'notes',
  attendees: 'notes',
};

async function openContractVendor(): Promise<ContractVendor> {
  const simulator = await startSimulator({ ...sizes, quirks: { quota: null } });
  const { store, clock } = simulator;
  return {
    access: accessTo(simulator),
    wrongCredentials: { ...simulator.credentials, apiKey: 'another-key-au4' },
    ids: (entity) => store.ids(entity as Entity),
    now: () => new Date(clock.nowMs()),
    change: (entity) => {
      clock.advance(10);
      const { edited, added } = store.mutate({ edits: { [entity]: 1 }, adds: { [entity]: 1 } });
      return [...edited[entity as Entity], ...added[entity as Entity]];
    },
    shareTime: (entity, count) => {
      clock.advance(10);
      const at = new Date(clock.nowMs());
      return { ids: store.shareTimestamp(entity as Entity, count, { at }), at };
    },
    poison: (entity) => {
      const ids = store.ids(entity as Entity);
      const id = ids[Math.floor(ids.length / 2)] ?? '';
      // Without `touch`: the record keeps its place in time, as one that was always so.
      store.set(entity as Entity, id, { fields: { [textField[entity as Entity]]: ['no text'] }, touch: false });
      return id;
    },
    requests: () => simulator.requests.count,
    close: () => simulator.close(),
  };
}

connectorContract(cliniko, openContractVendor);
