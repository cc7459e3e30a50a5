import { SyncError } from '@syncline/connector-kit';
import type pg from 'pg';

/** The table does not have the columns that are written, or the like: true for every record there is. */
export function tableChanged(cause: pg.DatabaseError): SyncError {
  return new SyncError('TARGET_SCHEMA', `Postgres refuses to write the table (${cause.code}): ${cause.message}`, {
    cause,
  });
}
