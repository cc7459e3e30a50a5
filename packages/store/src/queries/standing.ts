import { sql } from 'kysely';

/**
 * Whether work on a job may go on.
 *
 * live       go on.
 * paused     the organization pressed the emergency stop, or the connection is paused: leave everything as it is.
 * cancelled  the job has ended.
 */
export type Standing = 'live' | 'paused' | 'cancelled';

/** The standing of a job `j` over a connection `c` of an organization `o`, as an expression over these aliases. */
export const standingOf = sql<Standing>`case
  when j.status not in ('queued', 'running') then 'cancelled'
  when o.stopped_at is not null or c.status = 'paused' then 'paused'
  else 'live' end`;
