import { EnvironmentError } from '@syncline/config';
import { type ApiAddress, findApi } from '../sync/api-address.js';
import { progressLines } from '../sync/progress-lines.js';
import { followSync, type Progress, Refusal, startSyncs } from '../sync/sync-api.js';
import { DemoIrelandPay } from '../up/demo-ireland-pay.js';
import { demoName, listConnections, makeConnection } from './demo-connections.js';
import { type DemoVendor, demoVendors, type VendorUrls } from './demo-vendors.js';

export interface DemoCommand extends VendorUrls {
  readonly url?: string;
}

/**
 * `syncline demo`: makes a connection for each simulator that it is told of, subscribes to the webhooks of Ireland Pay, and
 * shows the syncs until they have ended. Whatever is there already stays, so it can be run again: after the simulators
 * have been restarted, say. Ends with exit code 0 if all syncs completed, else 1.
 *
 * Throws EnvironmentError without a key, without a simulator, and beside connections that are not its own.
 */
export async function runDemo({ url, ...urls }: DemoCommand): Promise<void> {
  const api = findApi(url);
  try {
    const vendors = demoVendors(urls);
    if (vendors.length === 0) throw new EnvironmentError('Which simulators? --practicepanther http://… for example.');
    await connect(api, vendors);
    process.exitCode = await firstSyncs(api, vendors);
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    // fetch says why in the cause, and only there.
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${cause}\n`);
    process.exitCode = 1;
  }
}

async function connect(api: ApiAddress, vendors: readonly DemoVendor[]): Promise<void> {
  const existing = await listConnections(api);
  const real = existing.find(({ name }) => name !== demoName);
  if (real !== undefined) {
    const which = `a connection to ${real.connector} named "${real.name}"`;
    throw new EnvironmentError(
      `There is ${which}: what is made up is not put beside it. Use an installation of its own.`,
    );
  }
  for (const vendor of vendors) {
    const known = existing.find(({ connector }) => connector === vendor.connector);
    await makeConnection(api, vendor, known?.id);
    process.stdout.write(`${vendor.connector}: ${known ? 'connected before' : 'connected'}, ${vendor.url}\n`);
    if (vendor.connector === 'irelandpay') {
      await new DemoIrelandPay(vendor.url, vendor.credentials['apiKey'] ?? '').subscribe(api.url, api.key, demoName);
    }
  }
}

/** Starts what can be started and follows what runs, be it by itself. All at once; shown one after the other. */
async function firstSyncs(api: ApiAddress, vendors: readonly DemoVendor[]): Promise<number> {
  const connections = await listConnections(api);
  const started: { readonly connector: string; readonly ids: readonly string[] }[] = [];
  for (const { connector } of vendors) {
    const id = connections.find((connection) => connection.connector === connector)?.id;
    started.push({ connector, ids: await startOrFind(api, id) });
  }
  let allCompleted = true;
  for (const { connector, ids } of started) {
    for (const id of ids) {
      process.stdout.write(`${connector}: sync ${id}\n`);
      const lines = progressLines(process.stdout);
      let last: Progress | undefined;
      for await (const progress of followSync(api, id, undefined, new AbortController().signal)) {
        lines.show(progress);
        last = progress;
      }
      lines.end();
      for (const { entity, message } of last?.errors ?? []) process.stdout.write(`  ${entity ?? 'sync'}: ${message}\n`);
      allCompleted &&= last?.status === 'completed';
    }
  }
  process.stdout.write(allCompleted ? 'All syncs completed.\n' : 'Not every sync completed; see above.\n');
  return allCompleted ? 0 : 1;
}

async function startOrFind(api: ApiAddress, connection: string | undefined): Promise<readonly string[]> {
  try {
    return await startSyncs(api, { connection });
  } catch (error) {
    if (!(error instanceof Refusal) || error.runningSyncId === undefined) throw error;
    return [error.runningSyncId];
  }
}
