import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { alertsQuery } from '../../api/alerts.js';
import { useConnection } from '../../api/connections.js';
import { useMay } from '../../api/session.js';
import type { Connection } from '../../api/types.js';
import { webhookQuery } from '../../api/webhooks.js';
import { nameOfConnector } from '../../format/words.js';
import { Page } from '../../layout/page.js';
import { Answer } from '../../ui/answer.js';
import { Note } from '../../ui/note.js';
import { Empty } from '../../ui/states.js';
import { Counters } from './counters.js';
import { Deliveries } from './deliveries.js';
import { SetUp } from './set-up.js';
import { Subscription } from './subscription.js';

/** The webhooks of one connection: where they come to, whether they do, and what became of each. */
export function Webhook() {
  const { id } = useParams({ from: '/inside/webhooks/$id' });
  return (
    <Answer to={useConnection(id)} rows={8}>
      {(connection) => <WebhookPage connection={connection} />}
    </Answer>
  );
}

function WebhookPage({ connection: { id, name, connector } }: { readonly connection: Connection }) {
  const webhook = useQuery(webhookQuery(id, connector));
  const silence = useInfiniteQuery(alertsQuery({ kind: 'webhook_silent', connectionId: id }));
  const mayAdminister = useMay('admin');
  const silent = silence.data?.pages[0]?.data[0];
  return (
    <Page
      title={`Webhooks of ${name}`}
      about={
        <>
          {nameOfConnector(connector)};{' '}
          <Link to="/connections/$id" params={{ id }} className="underline underline-offset-2">
            the connection
          </Link>
        </>
      }
    >
      {silent && <Note tone="bad">{silent.message}</Note>}
      <Answer to={webhook} rows={6}>
        {(found) =>
          found === null ? (
            <Empty title="There is no such connection" />
          ) : (
            <>
              <div className="grid items-start gap-5 lg:grid-cols-2">
                <Subscription webhook={found}>
                  {mayAdminister && <SetUp connectionId={id} webhook={found} />}
                </Subscription>
                <Counters webhook={found} />
              </div>
              <Deliveries connectionId={id} />
            </>
          )
        }
      </Answer>
    </Page>
  );
}
