import type { ConnectorMode } from '@syncline/connector-kit';

/** The syncs of the guide, by the names that it has for them. */
export const irelandPayModes: Readonly<Record<string, ConnectorMode>> = {
  daily: { doc: 'What changed, and what is read again every time.', entities: [], reads: 'incremental' },
  initial: {
    doc: 'Everything since the month that history begins with, a month at a time, beside the daily syncs.',
    entities: [],
    reads: 'full',
    history: true,
  },
  manual: { doc: 'The same as daily, because somebody wants it now.', entities: [], reads: 'incremental' },
};
