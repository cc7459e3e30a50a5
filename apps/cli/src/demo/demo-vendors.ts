import { monthsAgo } from '../up/demo-vendors.js';

/** Where each simulator is; those that are not named are not used. */
export interface VendorUrls {
  readonly practicepanther?: string;
  readonly cliniko?: string;
  readonly notion?: string;
  readonly irelandpay?: string;
}

/** A simulator, and what a connection to it is made of. */
export interface DemoVendor {
  readonly connector: keyof VendorUrls;
  /** Base of its API. */
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
}

/** What simulators take unless they are told otherwise, and the months that one has. */
const untold = {
  practicepanther: { path: 'api/v2/', credentials: { clientId: 'pp-demo-client', clientSecret: 'pp-demo-secret' } },
  cliniko: { path: 'v1/', credentials: { apiKey: 'simulated-key-au4', contactEmail: 'sync@vale.example' } },
  notion: {
    path: 'v1/',
    // The second is what the simulator is given as --webhook-token.
    credentials: { apiKey: 'ntn_simulated_key', webhookSecret: 'demo-webhook-token' },
    settings: { databaseId: 'c9e62a76-8828-4e77-83c1-182f8efbc4b3' },
  },
  irelandpay: {
    path: 'api/v1/',
    credentials: { apiKey: 'simulated-key' },
    // No further back than there is anything: three months.
    settings: { historyFrom: monthsAgo(2) },
  },
} as const;

/** The simulators at those addresses. */
export function demoVendors(urls: VendorUrls): readonly DemoVendor[] {
  return (Object.keys(untold) as (keyof VendorUrls)[]).flatMap((connector) => {
    const origin = urls[connector];
    if (origin === undefined) return [];
    const { path, credentials, ...more } = untold[connector];
    const url = new URL(path, origin).href;
    return [{ connector, url, credentials, settings: { ...('settings' in more && more.settings), baseUrl: url } }];
  });
}
