import { controlExchange } from '../../simulation/control/control-exchange.js';
import { exchange } from '../../simulation/http/exchange.js';
import { readBody } from '../../simulation/http/read-body.js';
import { serve } from '../../simulation/serve.js';
import { baseSimulator, baseState, openFrontage } from '../../simulation/simulator.js';
import { Admission } from './api/admission.js';
import { answerApi } from './api/router.js';
import { controlRoutes } from './control/control-routes.js';
import { startDrift } from './drift.js';
import { resolveOptions, type SimulatorOptions } from './options.js';
import type { Simulator } from './simulator.js';
import { SimulatorStore } from './store.js';
import { Webhooks } from './webhooks/webhooks.js';

/** Starts a vendor: a real HTTP server over data made from a seed. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const resolved = resolveOptions(options);
  const { seed, apiKey, host } = resolved;
  const quirks = { ...resolved.quirks };
  const frontage = openFrontage(resolved);
  const { clock } = frontage;
  const admission = new Admission(apiKey, quirks, clock);
  const store = new SimulatorStore(resolved, clock);
  const webhooks = new Webhooks({ quirks, seed, settings: resolved.webhooks });
  store.onChange((change) => webhooks.hear(change));
  const { subscriptions } = webhooks;
  const parts = {
    store,
    subscriptions,
    quirks,
    admission,
    origin: () => served.origin,
    turn: () => frontage.log.count,
  };
  const served = await serve({
    name: 'Ireland Pay',
    host,
    port: resolved.port,
    control: (request, response, url) => controlExchange(simulator, controlRoutes, request, response, url),
    vendor: (request, response, url) =>
      exchange(
        frontage,
        async (incoming, { method, path, query }) => {
          const key = incoming.headers['x-api-key']?.toString();
          return answerApi(parts, { method, path, query, key, body: await readBody(incoming) });
        },
        request,
        response,
        url,
      ),
  });
  const stopDrift = startDrift(store, resolved, () => clock.nowMs());

  const simulator: Simulator = {
    url: `${served.origin}/api/v1/`,
    ...baseSimulator(served, frontage, { quirks, atStart: resolved.quirks }),
    credentials: { apiKey },
    store,
    webhooks,
    revokeKey: (revoked) => admission.revoke(revoked),
    state: () => ({
      ...baseState(frontage, { seed, quotaRefused: admission.refused, quirks }),
      merchants: store.visible().length,
      transactions: store.ledger.transactions,
      webhooks: webhooks.report(),
    }),
    close: async () => {
      stopDrift();
      webhooks.close();
      await served.close();
    },
  };
  return simulator;
}
