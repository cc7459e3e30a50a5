import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { overviewQuery } from '../../api/overview.js';
import { useMay } from '../../api/session.js';
import { Page } from '../../layout/page.js';
import { Answer, More } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { Search } from '../../ui/search.js';
import { Empty } from '../../ui/states.js';
import { ConnectionTable } from './connection-table.js';
import { OpenAlerts } from './open-alerts.js';
import { RunningNow } from './running-now.js';
import { Totals } from './totals.js';

/** How everything is, worst first. */
export function Overview() {
  const { search = '', state } = useSearch({ from: '/inside/' });
  const navigate = useNavigate({ from: '/' });
  const found = useInfiniteQuery(overviewQuery({ search, state }));
  const first = found.data?.pages[0];
  const mayConnect = useMay('admin');
  return (
    <Page title="Overview" actions={mayConnect && <Connect />}>
      <OpenAlerts />
      <Totals totals={first?.totals} chosen={state} />
      <RunningNow />
      <Card
        title="Connections"
        actions={
          <Search
            label="Search connections"
            value={search}
            onSearch={(text) => navigate({ search: (now) => ({ ...now, search: text || undefined }), replace: true })}
          />
        }
      >
        <Answer to={found}>{({ pages }) => <ConnectionTable connections={pages.flatMap(({ data }) => data)} />}</Answer>
        {first?.data.length === 0 && (
          <Empty title={search || state ? 'No connection is like that' : 'Nothing is connected yet'}>
            {search || state ? (
              'Try another word, or another state.'
            ) : mayConnect ? (
              <>
                <p className="mb-4">Choose a vendor, say who you are there, and its records come.</p>
                <Connect />
              </>
            ) : (
              'Connections are made by admins: ask somebody with that role.'
            )}
          </Empty>
        )}
        <More of={found}>More connections</More>
      </Card>
    </Page>
  );
}

function Connect() {
  return (
    <Link
      to="/connections/new"
      className="inline-flex min-h-9 items-center justify-center gap-2 rounded-lg bg-accent px-3 text-sm font-medium whitespace-nowrap text-accent-ink hover:brightness-110"
    >
      <Plus size={15} aria-hidden="true" /> New connection
    </Link>
  );
}
