import type { ComponentType } from 'react';
import type { Role } from '../../api/session.js';
import type { Connection, Connector } from '../../api/types.js';
import { Card } from '../../ui/card.js';
import { SyncList } from '../syncs/sync-list.js';
import { Verifications } from '../verifications/verifications.js';
import { Credentials } from './credentials.js';
import { EntityTable } from './entity-table.js';
import { History } from './history.js';
import { Schedules } from './schedules.js';
import { ConnectionSettings } from './settings.js';

interface Tab {
  /** As the address has it. */
  readonly name: string;
  readonly label: string;
  readonly Content: ComponentType<{ readonly connection: Connection }>;
  /** Who is shown it; everybody unless said. */
  readonly role?: Role;
  /** Which vendors' connections have it; all of them unless said. */
  readonly isFor?: (connector: Connector) => boolean;
}

/** What there is to see of a connection, in the order of how often it is looked at. */
export const tabs: readonly Tab[] = [
  {
    name: 'entities',
    label: 'Entities',
    Content: ({ connection }) => (
      <Card>
        <EntityTable connectionId={connection.id} />
      </Card>
    ),
  },
  {
    name: 'schedules',
    label: 'Schedules',
    Content: ({ connection }) => <Schedules connectionId={connection.id} />,
  },
  {
    name: 'syncs',
    label: 'Syncs',
    Content: ({ connection }) => (
      <Card>
        <SyncList filter={{ connectionId: connection.id }} />
      </Card>
    ),
  },
  {
    name: 'verifications',
    label: 'Verifications',
    Content: ({ connection }) => <Verifications connectionId={connection.id} />,
  },
  { name: 'history', label: 'History', Content: History, isFor: ({ hasHistory }) => hasHistory },
  { name: 'credentials', label: 'Credentials', Content: Credentials, role: 'admin' },
  { name: 'settings', label: 'Settings', Content: ConnectionSettings, role: 'operator' },
];
