import { controlExchange } from '../../simulation/control/control-exchange.js';
import { exchange } from '../../simulation/http/exchange.js';
import { serve } from '../../simulation/serve.js';
import { baseSimulator, baseState, openFrontage } from '../../simulation/simulator.js';
import { Admission } from './api/admission.js';
import { Orders } from './api/list-records.js';
import { answerApi } from './api/router.js';
import { controlRoutes } from './control/control-routes.js';
import { createClinic } from './data/clinic.js';
import { perEntity } from './data/entities.js';
import { startDrift } from './drift.js';
import { resolveOptions, type SimulatorOptions } from './options.js';
import type { Simulator } from './simulator.js';
import { SimulatorStore } from './store.js';

/** Starts a vendor: a real HTTP server over data made from a seed. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const resolved = resolveOptions(options);
  const { seed, apiKey, host } = resolved;
  const quirks = { ...resolved.quirks };
  const frontage = openFrontage(resolved);
  const { clock } = frontage;
  const admission = new Admission(apiKey, quirks, clock);
  const served = await serve({
    name: 'Cliniko',
    host,
    port: resolved.port,
    control: (request, response, url) => controlExchange(simulator, controlRoutes, request, response, url),
    vendor: (request, response, url) =>
      exchange(
        frontage,
        ({ headers }, { method, path, query }) => {
          const { 'user-agent': userAgent, authorization } = headers;
          return answerApi(parts, { method, path, query, userAgent, authorization });
        },
        request,
        response,
        url,
      ),
  });
  // Records link to where they are, so they are made when that is known.
  const origin = () => served.origin;
  const store = new SimulatorStore(createClinic(seed, resolved.sizes, origin, clock.nowMs()), clock);
  const parts = { store, quirks, origin, orders: new Orders(), admission };
  const stopDrift = startDrift(store, resolved);

  const simulator: Simulator = {
    url: `${served.origin}/v1/`,
    ...baseSimulator(served, frontage, { quirks, atStart: resolved.quirks }),
    credentials: { apiKey, contactEmail: 'sync@vale.example' },
    store,
    revokeKey: (revoked) => admission.revoke(revoked),
    state: () => ({
      ...baseState(frontage, { seed, quotaRefused: admission.refused, quirks }),
      counts: store.counts(),
      removed: perEntity((entity) => store.removedIds(entity).length),
    }),
    close: async () => {
      stopDrift();
      await served.close();
    },
  };
  return simulator;
}
