import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** What webhooks told of and nobody has fetched yet. */
export interface WebhookBacklog {
  readonly connector: string;
  /** Rows of the ledger. */
  readonly pending: number;
  /** Since the oldest of them came. */
  readonly oldestSeconds: number;
}

/** By connector; those without any are left out. Of connections that may be worked on. */
export async function readWebhookBacklog(db: Db): Promise<WebhookBacklog[]> {
  const { rows } = await sql<WebhookBacklog>`
    select c.connector, sum(w.pending)::int as pending,
      extract(epoch from now() - min(w.received_at))::float8 as "oldestSeconds"
    from (
      select connection_id, count(*) as pending, min(received_at) as received_at from webhook_deliveries
      where status = 'pending' group by connection_id
      union all
      select connection_id, count(*), min(received_at) from webhook_deliveries
      where status = 'in_hand' group by connection_id) as w
    join connections c on c.id = w.connection_id and c.status in ('active', 'error')
    join organizations o on o.id = c.organization_id and o.stopped_at is null
    group by c.connector`.execute(db);
  return rows;
}
