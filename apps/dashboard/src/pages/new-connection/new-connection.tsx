import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { connectorsQuery } from '../../api/connectors.js';
import { useMay } from '../../api/session.js';
import { Page } from '../../layout/page.js';
import { Answer } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { Empty } from '../../ui/states.js';
import { ChooseVendor } from './choose-vendor.js';
import { ConnectionForm } from './connection-form.js';
import { FirstSteps } from './first-steps.js';

/** From nothing to a first sync: which vendor, what opens it, whether it does, and off. */
export function NewConnection() {
  const { vendor, made } = useSearch({ from: '/inside/connections/new' });
  const navigate = useNavigate({ from: '/connections/new' });
  const connectors = useQuery(connectorsQuery);
  if (!useMay('admin')) {
    return (
      <Page title="New connection">
        <Card>
          <Empty title="Connections are made by admins">Ask somebody with the role admin.</Empty>
        </Card>
      </Page>
    );
  }
  return (
    <Page title="New connection" about="What is to be synced, from which vendor, with whose access.">
      <Answer to={connectors} rows={5}>
        {(all) => {
          if (made !== undefined) return <FirstSteps connectionId={made} connectors={all} />;
          const chosen = all.find(({ id }) => id === vendor);
          return (
            <div className="flex max-w-2xl flex-col gap-5">
              <ChooseVendor
                connectors={all}
                chosen={chosen}
                onChoose={(id) => navigate({ search: { vendor: id }, replace: true })}
              />
              {chosen && (
                <ConnectionForm
                  key={chosen.id}
                  connector={chosen}
                  onMade={(id) => navigate({ search: { made: id }, replace: true })}
                />
              )}
            </div>
          );
        }}
      </Answer>
    </Page>
  );
}
