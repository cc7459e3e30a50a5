import { notion } from '@syncline/connectors';
import { startSimulator } from '@syncline/connectors/notion/simulator';
import { type ContractVendor, connectorContract } from './contract-suite.js';
import { accessTo } from './notion-vendor.js';

async function openContractVendor(): Promise<ContractVendor> {
  const simulator = await startSimulator({ clients: 230, quirks: { quota: null } });
  const { store, clock } = simulator;
  return {
    // What pages say costs requests of its own.
    access: accessTo(simulator, { pageBodies: 'never' }),
    wrongCredentials: { apiKey: 'ntn_another_key' },
    ids: () => store.ids(),
    now: () => new Date(clock.nowMs()),
    change: () => {
      clock.advance(10);
      const { edited, added } = store.mutate({ edits: 1, adds: 1 });
      return [...edited, ...added];
    },
    shareTime: (_, count) => {
      clock.advance(10);
      const at = new Date(clock.nowMs());
      return { ids: store.shareTimestamp(count, at), at };
    },
    poison: () => {
      const ids = store.ids();
      const id = ids[Math.floor(ids.length / 2)] ?? '';
      store.poison(id, { last_edited_time: 12 });
      return id;
    },
    requests: () => simulator.requests.count,
    close: () => simulator.close(),
  };
}

connectorContract(notion, openContractVendor);
