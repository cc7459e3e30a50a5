import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { openAlertsQuery } from '../../api/overview.js';
import { inOwnTime } from '../../format/time.js';
import { nameOfConnector } from '../../format/words.js';
import { Moment } from '../../ui/moment.js';

const most = 5;

/** What is wrong, before anything else; nothing where nothing is. */
export function OpenAlerts() {
  const { data: alerts = [] } = useQuery(openAlertsQuery);
  if (alerts.length === 0) return null;
  return (
    <section aria-label="Open alerts" className="rounded-xl border border-bad bg-bad-soft px-4 py-3">
      <ul className="flex flex-col gap-2">
        {alerts.slice(0, most).map(({ id, connectionId, connector, message, raisedAt }) => (
          <li key={id} className="flex items-start gap-2.5 text-sm">
            <TriangleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-bad" />
            <span>
              <Link
                to="/connections/$id"
                params={{ id: connectionId }}
                className="font-medium underline-offset-2 hover:underline"
              >
                {nameOfConnector(connector)}
              </Link>
              : {inOwnTime(message)}{' '}
              <span className="text-ink-soft">
                (<Moment at={raisedAt} />)
              </span>
            </span>
          </li>
        ))}
      </ul>
      {alerts.length > most && (
        <p className="mt-2 text-sm">
          <Link to="/alerts" className="font-medium underline underline-offset-2">
            and {alerts.length - most} more
          </Link>
        </p>
      )}
    </section>
  );
}
