import { Tabs } from '@base-ui/react/tabs';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useConnection, useTest } from '../../api/connections.js';
import { useConnector } from '../../api/connectors.js';
import { reaches, useSession } from '../../api/session.js';
import type { Connection as Given } from '../../api/types.js';
import { nameOfConnector } from '../../format/words.js';
import { Page } from '../../layout/page.js';
import { Answer } from '../../ui/answer.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { Status } from '../../ui/status.js';
import { CircuitNote } from './circuit.js';
import { ConnectionActions } from './connection-actions.js';
import { ConnectionAlerts } from './connection-alerts.js';
import { ConnectionLinks } from './connection-links.js';
import { tabs } from './tabs.js';
import { TestResult } from './test-result.js';

/** One connection: how its entities are, and everything that can be done to it. */
export function Connection() {
  const { id } = useParams({ from: '/inside/connections/$id' });
  return (
    <Answer to={useConnection(id)} rows={8}>
      {(connection) => <ConnectionPage connection={connection} />}
    </Answer>
  );
}

function ConnectionPage({ connection }: { readonly connection: Given }) {
  const test = useTest(connection.id);
  const { name, connector, status, nextSyncAt, notices } = connection;
  return (
    <Page
      title={name}
      about={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {nameOfConnector(connector)} <Status of={status} />
          {nextSyncAt && (
            <span>
              next sync <Moment at={nextSyncAt} />
            </span>
          )}
          <ConnectionLinks connection={connection} />
        </span>
      }
      actions={<ConnectionActions connection={connection} test={test} />}
    >
      <div role="status" className="empty:hidden">
        <TestResult of={test} vendor={nameOfConnector(connector)} />
      </div>
      <CircuitNote connectionId={connection.id} vendor={nameOfConnector(connector)} />
      <ConnectionAlerts connection={connection} />
      {notices.map((notice) => (
        <Note key={notice} tone="warn">
          {notice}
        </Note>
      ))}
      <ConnectionTabs connection={connection} />
    </Page>
  );
}

/** On a phone there is no room for all of them, and a link may open one that is out of sight. */
function showTab(tab: HTMLElement | null): void {
  tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

/** Which one is open is part of the address: it can be linked to, and the way back leads to it. */
function ConnectionTabs({ connection }: { readonly connection: Given }) {
  const { tab } = useSearch({ from: '/inside/connections/$id' });
  const navigate = useNavigate({ from: '/connections/$id' });
  const session = useSession();
  const connector = useConnector(connection.connector);
  const shown = tabs.filter(
    ({ role, isFor }) =>
      (role === undefined || reaches(session.role, role)) &&
      (isFor === undefined || (connector !== undefined && isFor(connector))),
  );
  const open = shown.find(({ name }) => name === tab) ?? shown[0];
  return (
    <Tabs.Root
      value={open?.name}
      onValueChange={(name: string) => navigate({ search: (now) => ({ ...now, tab: name }), replace: true })}
      className="flex flex-col gap-4"
    >
      <Tabs.List className="flex overflow-x-auto border-b border-line">
        {shown.map(({ name, label }) => (
          <Tabs.Tab
            key={name}
            value={name}
            ref={name === open?.name ? showTab : undefined}
            className="min-h-9 border-b-2 border-transparent px-3 text-sm whitespace-nowrap text-ink-soft hover:text-ink data-[active]:border-accent data-[active]:font-medium data-[active]:text-ink"
          >
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {open && (
        <Tabs.Panel value={open.name}>
          <open.Content connection={connection} />
        </Tabs.Panel>
      )}
    </Tabs.Root>
  );
}
