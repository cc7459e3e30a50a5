import { controlExchange } from '../../simulation/control/control-exchange.js';
import { exchange } from '../../simulation/http/exchange.js';
import { serve } from '../../simulation/serve.js';
import { baseSimulator, baseState, openFrontage } from '../../simulation/simulator.js';
import { QuotaGate } from './api/quota.js';
import { controlRoutes } from './control/control-routes.js';
import { ENTITIES, perEntity } from './data/entities.js';
import { createWorld } from './data/world.js';
import { startDrift } from './drift.js';
import { answerVendor, slowness, type VendorParts } from './http/vendor-exchange.js';
import { TokenBook } from './oauth/token-book.js';
import { type ResolvedOptions, resolveOptions, type SimulatorOptions } from './options.js';
import type { Simulator } from './simulator.js';
import { RecordRenderer } from './store/record-renderer.js';
import { Selections } from './store/selections.js';
import { SimulatorStore } from './store/simulator-store.js';
import { createTables } from './store/tables.js';

/** Starts a vendor: a real HTTP server over data made from a seed. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const resolved = resolveOptions(options);
  const parts = createParts(resolved);
  const store = new SimulatorStore({ tables: parts.tables, clock: parts.clock }, parts.renderer);
  if (resolved.prerender) prerender(store);
  const served = await serve({
    name: 'PracticePanther',
    ...resolved,
    control: (request, response, url) => controlExchange(simulator, controlRoutes, request, response, url),
    vendor: (request, response, url) =>
      exchange(
        parts,
        (one, seen) => answerVendor(parts, one, seen),
        request,
        response,
        url,
        (seen) => slowness(parts, seen),
      ),
  });
  const stopDrift = startDrift(store, resolved);

  const simulator: Simulator = {
    url: `${served.origin}/api/v2/`,
    ...baseSimulator(served, parts, { quirks: parts.quirks, atStart: resolved.quirks }),
    credentials: resolved.credentials,
    store,
    expireTokens: ({ revokeRefresh } = {}) => {
      parts.tokens.expireAccess();
      if (revokeRefresh !== undefined) parts.tokens.revokeRefresh(revokeRefresh);
    },
    state: () => ({
      ...baseState(parts, { seed: resolved.seed, quotaRefused: parts.quota.refused, quirks: parts.quirks }),
      counts: store.counts(),
      deleted: perEntity((entity) => store.deletedIds(entity).length),
      refreshes: parts.tokens.refreshes,
    }),
    close: async () => {
      stopDrift();
      await served.close();
    },
  };
  return simulator;
}

function createParts(resolved: ResolvedOptions): VendorParts {
  const { seed, credentials } = resolved;
  const quirks = { ...resolved.quirks };
  const frontage = openFrontage(resolved);
  const { clock } = frontage;
  const tables = createTables(createWorld(seed, resolved.sizes));
  return {
    ...frontage,
    tables,
    quirks,
    renderer: new RecordRenderer(tables, quirks, resolved.cacheBytes),
    selections: new Selections(tables),
    tokens: new TokenBook(seed, credentials, clock),
    quota: new QuotaGate(quirks, clock),
    clientId: credentials.clientId,
    tokenLifeSeconds: resolved.tokenLifeSeconds,
  };
}

/** Reading the texts renders them; the cache keeps what it has room for. */
function prerender(store: SimulatorStore): void {
  for (const entity of ENTITIES) for (const _text of store.texts(entity));
}
