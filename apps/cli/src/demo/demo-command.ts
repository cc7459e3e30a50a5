import { EnvironmentError } from '@syncline/config';
import type { ApiAddress } from '../sync/api-address.js';
import { askApi } from '../sync/ask-api.js';
import { Refusal } from '../sync/sync-api.js';
import { followSyncs, startOrFind } from '../sync/sync-command.js';
import { DemoIrelandPay } from '../up/demo-ireland-pay.js';
import { demoName, listConnections, makeConnection } from './demo-connections.js';
import { type DemoVendor, demoVendors, type VendorUrls } from './demo-vendors.js';

export interface DemoCommand extends VendorUrls {
  readonly url?: string;
}

/**
 * `syncline demo`: makes a connection for each simulator that it is told of, subscribes to the webhooks of Ireland Pay, and
 * shows the first syncs until they have ended. Whatever is there already stays, so it can be run again: after the
 * simulators have been restarted, say. Ends with exit code 0 if all syncs completed, else 1; also beside connections
 * that are not its own.
 *
 * Throws EnvironmentError without a key, and without a simulator.
 */
export async function runDemo({ url, ...urls }: DemoCommand): Promise<void> {
  const vendors = demoVendors(urls);
  if (vendors.length === 0) throw new EnvironmentError('Which simulators? --practicepanther http://… for example.');
  await askApi(url, async (api, signal) => {
    await connect(api, vendors);
    const connections = await listConnections(api);
    const syncIds: string[] = [];
    // All at once; shown one after the other.
    for (const { connector } of vendors) {
      process.stdout.write(`${connector}: `);
      const connection = connections.find((one) => one.connector === connector)?.id ?? '';
      syncIds.push(...(await startOrFind(api, { connection, follow: true })));
    }
    return followSyncs(api, syncIds, undefined, signal);
  });
}

async function connect(api: ApiAddress, vendors: readonly DemoVendor[]): Promise<void> {
  const existing = await listConnections(api);
  const real = existing.find(({ name }) => name !== demoName);
  if (real !== undefined) {
    const which = `a connection to ${real.connector} named "${real.name}"`;
    throw new Refusal(`There is ${which}: what is made up is not put beside it. Use an installation of its own.`);
  }
  for (const vendor of vendors) {
    const known = existing.find(({ connector }) => connector === vendor.connector);
    await makeConnection(api, vendor, known?.id);
    process.stdout.write(`${vendor.connector}: ${known ? 'connected before' : 'connected'}, ${vendor.url}\n`);
    if (vendor.connector === 'irelandpay') {
      const irelandPay = new DemoIrelandPay(vendor.url, vendor.credentials['apiKey'] ?? '');
      await irelandPay.subscribe(api.url, api.key, ({ name }) => name === demoName);
    }
  }
}
