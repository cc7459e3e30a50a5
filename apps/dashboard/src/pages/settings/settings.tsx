import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { installationQuery } from '../../api/administration.js';
import { useMay, useSession } from '../../api/session.js';
import { count } from '../../format/number.js';
import { Page } from '../../layout/page.js';
import { Answer } from '../../ui/answer.js';
import { Card } from '../../ui/card.js';
import { EmergencyStop } from './emergency-stop.js';

/** What holds for the organization as a whole, and for the installation. */
export function Settings() {
  return (
    <Page title="Settings">
      <EmergencyStop />
      <Organization />
      <Installation />
      <Card title="Read on">
        <ul className="flex flex-col gap-2 p-4 text-sm">
          <li>
            <a href="/docs" className="underline underline-offset-2">
              API reference
            </a>
          </li>
          <li>
            <a href="/docs/errors" className="underline underline-offset-2">
              Error codes, and what to do about each
            </a>
          </li>
        </ul>
      </Card>
    </Page>
  );
}

function Organization() {
  const { organization } = useSession();
  const isPlatform = useMay('platform');
  return (
    <Card title="Organization">
      <Facts>
        <Fact name="Name">{organization?.name ?? 'none is chosen'}</Fact>
        <Fact name="Slug">
          <code>{organization?.slug ?? '–'}</code>
        </Fact>
        <Fact name="Id">
          <code className="wrap-anywhere">{organization?.id ?? '–'}</code>
        </Fact>
      </Facts>
      <p className="border-t border-line px-4 py-3 text-sm text-ink-soft">
        {isPlatform ? (
          <Link to="/organizations" className="underline underline-offset-2">
            Rename it, or make another
          </Link>
        ) : (
          'Whoever has the platform key can rename it.'
        )}
      </p>
    </Card>
  );
}

function Installation() {
  const installation = useQuery(installationQuery);
  return (
    <Card title="In force">
      <Answer to={installation} rows={3}>
        {({ version, schedulesRun, retentionDays, requestsAMinute, identityProvider, rowSecurity }) => (
          <Facts>
            <Fact name="Version of the server">{version}</Fact>
            <Fact name="Schedules">{schedulesRun ? 'run' : 'are switched off: nothing starts by itself'}</Fact>
            <Fact name="History is kept for">
              {retentionDays === null ? 'good' : `${count(retentionDays)} days; the audit log for a year at least`}
            </Fact>
            <Fact name="Requests of one key or person">{count(requestsAMinute)} a minute at most</Fact>
            <Fact name="People come in by">
              {identityProvider === null ? 'keys only: no identity provider is set up' : identityProvider}
            </Fact>
            <Fact name="Organizations are kept apart">
              {rowSecurity ? 'by the program and by the database' : 'by the program only: see docs/tenancy.md'}
            </Fact>
          </Facts>
        )}
      </Answer>
    </Card>
  );
}

function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="divide-y divide-line px-4 text-sm">{children}</dl>;
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid gap-x-4 py-2.5 sm:grid-cols-[16rem_1fr]">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}
