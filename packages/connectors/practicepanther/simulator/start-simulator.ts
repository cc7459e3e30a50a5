import { controlExchange } from '../../simulation/control/control-exchange.js';
import { FaultBoard } from '../../simulation/faults/fault-board.js';
import { HoldBoard } from '../../simulation/faults/hold-board.js';
import { exchange } from '../../simulation/http/exchange.js';
import { RequestLog } from '../../simulation/http/request-log.js';
import { serve } from '../../simulation/serve.js';
import { VendorClock } from '../../simulation/vendor-clock.js';
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
  const { origin, port } = served;
  const stopDrift = startDrift(store, resolved);

  const simulator: Simulator = {
    url: `${origin}/api/v2/`,
    origin,
    port,
    credentials: resolved.credentials,
    store,
    requests: parts.log,
    clock: parts.clock,
    faults: parts.faults,
    holds: parts.holds,
    quirks: parts.quirks,
    setQuirks: (change) => void Object.assign(parts.quirks, change ?? resolved.quirks),
    expireTokens: ({ revokeRefresh } = {}) => {
      parts.tokens.expireAccess();
      if (revokeRefresh !== undefined) parts.tokens.revokeRefresh(revokeRefresh);
    },
    state: () => ({
      seed: resolved.seed,
      now: new Date(parts.clock.nowMs()).toISOString(),
      counts: store.counts(),
      deleted: perEntity((entity) => store.deletedIds(entity).length),
      requests: parts.log.count,
      refreshes: parts.tokens.refreshes,
      quotaRefused: parts.quota.refused,
      faultsHit: parts.faults.struck,
      faults: parts.faults.report(),
      holds: parts.holds.report(),
      quirks: parts.quirks,
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
  const clock = new VendorClock(resolved.now);
  const tables = createTables(createWorld(seed, resolved.sizes));
  return {
    tables,
    quirks,
    clock,
    renderer: new RecordRenderer(tables, quirks, resolved.cacheBytes),
    selections: new Selections(tables),
    tokens: new TokenBook(seed, credentials, clock),
    quota: new QuotaGate(quirks, clock),
    log: new RequestLog(resolved.logSize),
    faults: new FaultBoard(seed),
    holds: new HoldBoard(seed),
    clientId: credentials.clientId,
    tokenLifeSeconds: resolved.tokenLifeSeconds,
  };
}

/** Reading the texts renders them; the cache keeps what it has room for. */
function prerender(store: SimulatorStore): void {
  for (const entity of ENTITIES) for (const _text of store.texts(entity));
}
