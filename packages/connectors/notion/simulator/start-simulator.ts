import { controlExchange } from '../../simulation/control/control-exchange.js';
import { exchange } from '../../simulation/http/exchange.js';
import { readBody } from '../../simulation/http/read-body.js';
import { serve } from '../../simulation/serve.js';
import { baseSimulator, baseState, openFrontage } from '../../simulation/simulator.js';
import { Admission } from './api/admission.js';
import { answerApi } from './api/router.js';
import { controlRoutes } from './control/control-routes.js';
import { createAgency } from './data/agency.js';
import { startDrift } from './drift.js';
import { resolveOptions, type SimulatorOptions } from './options.js';
import type { Simulator } from './simulator.js';
import { SimulatorStore } from './store.js';
import { Webhooks } from './webhooks/webhooks.js';

/** Starts a vendor: a real HTTP server over data made from a seed. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const resolved = resolveOptions(options);
  const { seed, apiKey, host, clients, dataSources } = resolved;
  const quirks = { ...resolved.quirks };
  const frontage = openFrontage(resolved);
  const { clock } = frontage;
  const admission = new Admission(apiKey, quirks, clock);
  const store = new SimulatorStore(createAgency(seed, clients, dataSources, clock.nowMs()), clock);
  const { agency } = store;
  const webhooks = new Webhooks({ agency, clock, seed, settings: resolved.webhooks });
  store.onChange((change) => webhooks.hear(change));
  const parts = { store, quirks, clock, admission };
  const served = await serve({
    name: 'Notion',
    host,
    port: resolved.port,
    control: (request, response, url) => controlExchange(simulator, controlRoutes, request, response, url),
    vendor: (request, response, url) =>
      exchange(
        frontage,
        async (incoming, { method, path, query }) => {
          const { authorization } = incoming.headers;
          const version = incoming.headers['notion-version']?.toString();
          return answerApi(parts, { method, path, query, authorization, version, body: await readBody(incoming) });
        },
        request,
        response,
        url,
      ),
  });
  const stopDrift = startDrift(store, resolved);

  const simulator: Simulator = {
    url: `${served.origin}/v1/`,
    ...baseSimulator(served, frontage, { quirks, atStart: resolved.quirks }),
    credentials: { apiKey },
    databaseId: store.agency.databaseId,
    store,
    webhooks,
    revokeKey: (revoked) => admission.revoke(revoked),
    state: () => ({
      ...baseState(frontage, { seed, quotaRefused: admission.refused, quirks }),
      clients: store.rows().length,
      trashed: store.rows().filter(({ inTrash }) => inTrash).length,
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
