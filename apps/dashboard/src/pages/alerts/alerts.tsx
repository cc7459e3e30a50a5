import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type AlertFilter, alertKinds, alertStates, alertsQuery } from '../../api/alerts.js';
import { alertWords } from '../../format/alerts.js';
import { ConnectionFilter } from '../../layout/connection-filter.js';
import { Page } from '../../layout/page.js';
import { Answer, More } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { Filter } from '../../ui/filter.js';
import { AlertTable } from './alert-table.js';

const states = [
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'Open and closed' },
];

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
          <ConnectionFilter value={connectionId} onChoose={(chosen) => choose({ connectionId: chosen })} />
          <Filter
            isOne
            label="State"
            value={state}
            choices={states}
            onChoose={(chosen) => choose({ state: alertStates.find((one) => one === chosen) })}
          />
          <Filter
            label="Kind"
            value={kind}
            choices={alertKinds.map((value) => ({ value, label: alertWords[value].name }))}
            onChoose={(chosen) => choose({ kind: alertKinds.find((one) => one === chosen) })}
          />
        </>
      }
    >
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
