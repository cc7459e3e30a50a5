import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../../api/session.js';
import type { AuditEntry } from '../../api/types.js';

const look = 'inline-block py-1 font-medium underline underline-offset-2';

/** What a deed was about, with the way to its page where there is one: it may be gone by now, which that page says. */
export function Subject({ entry: { subjectKind, subjectId, details } }: { readonly entry: AuditEntry }): ReactNode {
  const { organization } = useSession();
  const kind = subjectKind.replaceAll('_', ' ');
  if (subjectId === null) return kind;
  const id = subjectId;
  const connection = typeof details.connectionId === 'string' ? details.connectionId : undefined;
  switch (subjectKind) {
    case 'sync_job':
      return (
        <Link to="/syncs/$id" params={{ id }} className={look}>
          this sync
        </Link>
      );
    case 'connection':
      return (
        <Link to="/connections/$id" params={{ id }} className={look}>
          this connection
        </Link>
      );
    case 'failed_item':
      return (
        <Link to="/failed-items" search={{ item: id }} className={look}>
          this failed item
        </Link>
      );
    case 'api_key':
    case 'member':
      return (
        <Link to="/access" className={look}>
          {kind === 'api key' ? 'an API key' : 'a member'}
        </Link>
      );
    case 'organization':
      return organization?.name ?? 'the organization';
    default:
      return connection === undefined ? (
        <span className="wrap-anywhere">
          {kind} <code className="text-xs text-ink-soft">{id}</code>
        </span>
      ) : (
        <Link to="/connections/$id" params={{ id: connection }} className={look}>
          {kind} of this connection
        </Link>
      );
  }
}
