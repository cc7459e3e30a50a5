import type { Db } from '@syncline/store';
import { sql } from 'kysely';

/** Postgres' own view of the sessions that actors work in. */
export interface Sessions {
  /** Those of the sessions whose statement waits for a lock. */
  waitingForLocks(pids: readonly number[]): Promise<number[]>;
  /**
   * Ends sessions that hold up these and do nothing in their transactions: their process was halted in the middle, and
   * idle_in_transaction_session_timeout would end them. False when there is none.
   */
  freeIdleHolders(pids: readonly number[]): Promise<boolean>;
  /** Ends sessions, as the death of their process does, and waits until they are gone. */
  end(pids: readonly number[]): Promise<void>;
}

export function observeSessions(db: Db): Sessions {
  const end = async (pids: readonly number[]) => {
    if (pids.length === 0) return;
    await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity where pid = any(${[...pids]}::int[])`.execute(
      db,
    );
  };
  return {
    waitingForLocks: async (pids) => {
      if (pids.every((pid) => pid === 0)) return [];
      const { rows } = await sql<{ pid: number }>`
        select distinct pid from pg_locks where not granted and pid = any(${[...pids]}::int[])`.execute(db);
      return rows.map(({ pid }) => pid);
    },
    freeIdleHolders: async (pids) => {
      const { rows } = await sql<{ pid: number }>`
        select distinct a.pid from unnest(${[...pids]}::int[]) as b (pid), unnest(pg_blocking_pids(b.pid)) as holder
        join pg_stat_activity a on a.pid = holder where a.state like 'idle in transaction%'`.execute(db);
      await end(rows.map(({ pid }) => pid));
      return rows.length > 0;
    },
    end,
  };
}
