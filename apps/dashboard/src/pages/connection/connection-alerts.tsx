import { useInfiniteQuery } from '@tanstack/react-query';
import { alertsQuery } from '../../api/alerts.js';
import type { Connection } from '../../api/types.js';
import { alertWords } from '../../format/alerts.js';
import { inOwnTime } from '../../format/time.js';
import { Moment } from '../../ui/moment.js';
import { Note } from '../../ui/note.js';
import { AlertAdvice } from '../alerts/alert-advice.js';

/** What is wrong with a connection, since when, and what to do about it; nothing where nothing is. */
export function ConnectionAlerts({ connection: { id, status, statusReason } }: { readonly connection: Connection }) {
  const { data } = useInfiniteQuery(alertsQuery({ connectionId: id }));
  const alerts = data?.pages.flatMap((page) => page.data) ?? [];
  // The alert says the same, and what to do.
  const isSaid = status === 'needs_reauth' && alerts.some(({ kind }) => kind === 'needs_reauth');
  return (
    <>
      {statusReason && !isSaid && <Note tone={status === 'active' ? 'warn' : 'bad'}>{inOwnTime(statusReason)}</Note>}
      {alerts.map(({ id: alert, kind, message, raisedAt, connectionId }) => (
        <Note key={alert} tone="bad">
          <b className="font-medium">{alertWords[kind].name}</b> (<Moment at={raisedAt} />
          ): {inOwnTime(message)}
          <span className="mt-1 block text-ink-soft">
            <AlertAdvice kind={kind} connectionId={connectionId} />
          </span>
        </Note>
      ))}
    </>
  );
}
