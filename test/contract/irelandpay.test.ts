import { irelandPay } from '@syncline/connectors';
import { startSimulator } from '@syncline/connectors/irelandpay/simulator';
import { type ContractVendor, connectorContract } from './contract-suite.js';

async function openContractVendor(): Promise<ContractVendor> {
  const simulator = await startSimulator({ merchants: 230, quirks: { quota: null, lastPage: 'both' } });
  const { store, clock } = simulator;
  return {
    access: {
      baseUrl: simulator.url,
      credentials: simulator.credentials,
      // What is known of accounts costs requests of its own.
      settings: { requestsPerMinute: 100_000, merchantDetails: 'never' },
    },
    wrongCredentials: { apiKey: 'another-key' },
    ids: () => store.visible().map(({ mid }) => mid),
    now: () => new Date(clock.nowMs()),
    change: () => {
      clock.advance(10);
      const [{ mid } = { mid: '' }] = store.visible();
      store.edit(mid);
      return [mid, store.addMerchant().mid];
    },
    shareTime: (_, count) => {
      clock.advance(10);
      const at = new Date(clock.nowMs());
      return { ids: store.shareTime(count, at), at };
    },
    poison: () => {
      const mid = store.visible()[100]?.mid ?? '';
      store.poison(mid, { modified: 12 });
      return mid;
    },
    requests: () => simulator.requests.count,
    close: () => simulator.close(),
  };
}

// The others are no lists of records that say when they changed: irelandpay-sync.test.ts is about them.
connectorContract(irelandPay, openContractVendor, ['merchants']);
