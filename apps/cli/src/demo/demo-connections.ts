import type { ApiAddress } from '../sync/api-address.js';
import { headersOf, refusalOf } from '../sync/sync-api.js';
import type { DemoVendor } from './demo-vendors.js';

/** The name of the connections that the demo makes: by it they are told from real ones. */
export const demoName = 'demo';

export interface ConnectionView {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
}

/** The connections of the default organization. Throws Refusal. */
export async function listConnections(api: ApiAddress): Promise<readonly ConnectionView[]> {
  const { data } = await ask<{ data: ConnectionView[] }>(api, 'GET', '/api/v1/connections');
  return data;
}

/** Makes a vendor's connection, or brings the one with that id up to date. Throws Refusal. */
export async function makeConnection(api: ApiAddress, vendor: DemoVendor, id: string | undefined): Promise<void> {
  const { connector, credentials, settings } = vendor;
  if (id === undefined) {
    await ask(api, 'POST', '/api/v1/connections', { connector, name: demoName, credentials, settings });
  } else {
    await ask(api, 'PATCH', `/api/v1/connections/${id}`, { credentials, settings });
  }
}

async function ask<Answer>(api: ApiAddress, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { ...headersOf(api, undefined), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as Answer;
}
