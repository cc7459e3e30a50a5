import { onTestFinished } from 'vitest';
import type { VendorRecord } from './data/entities.js';
import type { SimulatorOptions } from './options.js';
import type { Simulator } from './simulator.js';
import { startSimulator } from './start-simulator.js';

/** A vendor with a client that is let in, both gone when the test ends. */
export interface Vendor {
  simulator: Simulator;
  /** Calls the resource API with a good token. */
  get(path: string): Promise<Response>;
  /** The rows of a list; fails where the vendor refuses. */
  rows(path: string): Promise<VendorRecord[]>;
  /** Every row of a list, page by page until one is short. */
  walk(path: string, top?: number): Promise<VendorRecord[]>;
  /** Calls the token endpoint with the right client and what else is given. */
  token(form: Record<string, string>): Promise<Response>;
  /** Calls the control endpoint; the answer's JSON. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Starts a small vendor for the test that is running. */
export async function startVendor(options: SimulatorOptions = {}): Promise<Vendor> {
  const simulator = await startSimulator({ contacts: 60, ...options });
  onTestFinished(() => simulator.close());
  const { clientId, clientSecret } = simulator.credentials;

  const token = (form: Record<string, string>): Promise<Response> => {
    const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form });
    return fetch(`${simulator.origin}/oauth/token`, { method: 'POST', body });
  };
  let access: string | undefined;
  const get = async (path: string): Promise<Response> => {
    access ??= ((await (await token({ grant_type: 'client_credentials' })).json()) as { access_token: string })
      .access_token;
    return fetch(new URL(path, simulator.url), { headers: { authorization: `Bearer ${access}` } });
  };
  const rows = async (path: string): Promise<VendorRecord[]> => {
    const response = await get(path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as VendorRecord[];
  };
  const walk = async (path: string, top = 25): Promise<VendorRecord[]> => {
    const all: VendorRecord[] = [];
    for (let last = top; last === top; ) {
      const page = await rows(`${path}${path.includes('?') ? '&' : '?'}$top=${top}&$skip=${all.length}`);
      last = page.length;
      all.push(...page);
    }
    return all;
  };
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${simulator.origin}/__simulator/${path}`, init);
    return response.json();
  };
  return { simulator, get, rows, walk, token, control };
}

/** The ids of records, in their order. */
export function idsOf(records: readonly VendorRecord[]): string[] {
  return records.map((record) => String(record.id));
}
