import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { type AlertFilter, alertKinds, alertStates, alertsQuery } from '../../api/alerts.js';
import { useConnection } from '../../api/connections.js';
import { alertWords } from '../../format/alerts.js';
import { Page } from '../../layout/page.js';
import { Answer, More } from '../../ui/answer.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { AlertTable } from './alert-table.js';

const states = Object.fromEntries(alertStates.map((state) => [state, state])) as Record<string, AlertFilter['state']>;

/** What is wrong with connections, and what was: since when, how long, and what to do. */
export function Alerts() {
  const filter = useSearch({ from: '/inside/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const choose = (chosen: AlertFilter) => navigate({ search: (now) => ({ ...now, ...chosen }), replace: true });
  const found = useInfiniteQuery(alertsQuery(filter));
  const { connectionId, kind, state = 'open' } = filter;
  return (
    <Page
      title="Alerts"
      about="Raised when something is wrong with a connection, cleared when it is well again; judged about once a minute."
      actions={
        <>
          <select
            aria-label="State"
            value={state}
            onChange={({ target }) => choose({ state: states[target.value] })}
            className="min-h-9 rounded-lg border border-line-strong bg-surface px-2 text-sm"
          >
            <option value="open">Open</option>
            <option value="closed">Closed</option>
            <option value="all">Open and closed</option>
          </select>
          <Filter
            label="Kind"
            value={kind}
            choices={alertKinds}
            onChoose={(chosen) => choose({ kind: alertKinds.find((one) => one === chosen) })}
          />
        </>
      }
    >
      {connectionId !== undefined && (
        <OnlyOf connectionId={connectionId} onAll={() => choose({ connectionId: undefined })} />
      )}
      <Card>
        <Answer to={found}>
          {({ pages }) => (
            <AlertTable
              alerts={pages.flatMap(({ data }) => data)}
              empty={
                state === 'open' && kind === undefined && connectionId === undefined
                  ? 'Nothing is wrong'
                  : `No alert is like that${kind ? `: ${alertWords[kind].name.toLowerCase()}` : ''}`
              }
            />
          )}
        </Answer>
        <More of={found}>Earlier</More>
      </Card>
    </Page>
  );
}

function OnlyOf({ connectionId, onAll }: { readonly connectionId: string; readonly onAll: () => void }) {
  const { data } = useConnection(connectionId);
  return (
    <div>
      <Button onClick={onAll} icon={<X size={15} aria-hidden="true" />}>
        Only {data?.name ?? 'one connection'}: show all
      </Button>
    </div>
  );
}
