import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useConnector } from '../../api/connectors.js';
import { itemGroupsQuery } from '../../api/failed-items.js';
import type { Connection } from '../../api/types.js';
import { countOf } from '../../format/number.js';

const look = 'underline underline-offset-2 hover:text-ink';

/** The ways to what other pages know of a connection. */
export function ConnectionLinks({ connection: { id, connector } }: { readonly connection: Connection }) {
  const { data: groups = [] } = useQuery(itemGroupsQuery({ connectionId: id, status: 'open' }));
  const failed = groups.reduce((sum, group) => sum + group.count, 0);
  const hasWebhooks = useConnector(connector)?.hasWebhooks === true;
  return (
    <>
      <Link
        to="/failed-items"
        search={{ connectionId: id }}
        className={failed > 0 ? `${look} font-medium text-bad` : look}
      >
        {failed > 0 ? countOf(failed, 'failed item') : 'Failed items'}
      </Link>
      <Link to="/alerts" search={{ connectionId: id, state: 'all' }} className={look}>
        Alerts
      </Link>
      {hasWebhooks && (
        <Link to="/webhooks/$id" params={{ id }} className={look}>
          Webhooks
        </Link>
      )}
    </>
  );
}
