import { Link } from '@tanstack/react-router';
import type { Alert } from '../../api/types.js';
import { alertWords } from '../../format/alerts.js';

const look = 'font-medium text-ink underline underline-offset-2';

/** What somebody does about an alert, with the way to where it is done. */
export function AlertAdvice({ kind, connectionId: id }: Pick<Alert, 'kind' | 'connectionId'>) {
  const { advice, tab } = alertWords[kind];
  return (
    <>
      {advice}{' '}
      {tab === undefined ? (
        <Link to="/webhooks/$id" params={{ id }} className={look}>
          Go there
        </Link>
      ) : (
        <Link to="/connections/$id" params={{ id }} search={{ tab }} className={look}>
          Go there
        </Link>
      )}
    </>
  );
}
