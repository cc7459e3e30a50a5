import type { ConnectorMode } from '@syncline/connector-kit';
import { activeScope } from './active.js';

/** The syncs that can be asked for by name. */
export const clinikoModes: Readonly<Record<string, ConnectorMode>> = {
  comprehensive: { doc: 'Everything.', entities: [] },
  basic: { doc: 'Patients and appointments, with what appointments refer to.', entities: ['patients', 'appointments'] },
  'patients-only': { doc: 'Patients and nothing else.', entities: ['patients'] },
  active: {
    doc: 'Patients with an appointment in the last or next days, and these appointments.',
    entities: ['patients', 'appointments', 'group_appointments'],
    scope: { name: activeScope, days: 30 },
  },
};
