import { createHmac, randomUUID } from 'node:crypto';

export interface Letter {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A delivery as Notion sends it: a page of that database has another e-mail address. */
export function letterOf(
  { key, databaseId }: { readonly key: string; readonly databaseId: string },
  { eventId, page }: { readonly eventId: string; readonly page: string },
): Letter {
  const body = JSON.stringify({
    ...{ id: eventId, timestamp: new Date().toISOString(), workspace_id: randomUUID(), workspace_name: 'Agence' },
    ...{ subscription_id: randomUUID(), integration_id: randomUUID(), type: 'page.properties_updated' },
    ...{ authors: [{ id: randomUUID(), type: 'person' }], attempt_number: 1, api_version: '2025-09-03' },
    entity: { id: page, type: 'page' },
    data: { parent: { id: databaseId, type: 'database' }, updated_properties: ['aB%3Dc'] },
  });
  const signature = `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
  return { body, headers: { 'content-type': 'application/json', 'x-notion-signature': signature } };
}
