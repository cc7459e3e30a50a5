import { type Connector, SyncError } from '@syncline/connector-kit';
import { z } from 'zod';
import type { ApiContext } from '../../api-context.js';

export const webhookConnector = z.string().max(60).describe('The id of a connector, such as `notion`');

type TellingConnector = Connector & Required<Pick<Connector, 'webhooks'>>;

/** The connector of that id, if its vendor tells of changes. Throws SyncError NOT_FOUND. */
export function connectorWithWebhooks({ connectors }: Pick<ApiContext, 'connectors'>, id: string): TellingConnector {
  const connector = connectors.find((candidate) => candidate.id === id);
  if (connector !== undefined && tells(connector)) return connector;
  throw new SyncError('NOT_FOUND', 'There is no connector of this name that takes webhooks');
}

function tells(connector: Connector): connector is TellingConnector {
  return connector.webhooks !== undefined;
}
