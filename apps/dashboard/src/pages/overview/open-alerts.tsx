import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { openAlertsQuery } from '../../api/alerts.js';
import { alertWords } from '../../format/alerts.js';
import { count } from '../../format/number.js';
import { inOwnTime } from '../../format/time.js';
import { nameOfConnector } from '../../format/words.js';
import { Moment } from '../../ui/moment.js';

/** What is wrong, before anything else; nothing where nothing is. */
export function OpenAlerts() {
  const { data: open } = useQuery(openAlertsQuery);
  if (open === undefined || open.data.length === 0) return null;
  const more = open.pagination.total - open.data.length;
  return (
    <section aria-label="Open alerts" className="rounded-xl border border-bad bg-bad-soft px-4 py-3">
      <ul className="flex flex-col gap-2">
        {open.data.map(({ id, kind, connectionId, connectionName, connector, message, raisedAt }) => (
          <li key={id} className="flex items-start gap-2.5 text-sm">
            <TriangleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-bad" />
            <span>
              <Link
                to="/connections/$id"
                params={{ id: connectionId }}
                search={{ tab: alertWords[kind].tab }}
                className="font-medium underline-offset-2 hover:underline"
              >
                {connectionName ?? 'A deleted connection'}
              </Link>
              , {nameOfConnector(connector)}: {inOwnTime(message)}{' '}
              <span className="text-ink-soft">
                (<Moment at={raisedAt} />)
              </span>
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p className="mt-2 text-sm">
          <Link to="/alerts" className="font-medium underline underline-offset-2">
            and {count(more)} more
          </Link>
        </p>
      )}
    </section>
  );
}
