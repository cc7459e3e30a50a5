import type { Db } from '@syncline/store';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  CompiledQuery as Statement,
} from 'kysely';
import type { Actor, Stage } from './stage.js';

type Database = Db extends Kysely<infer D> ? D : never;

/** The same database for one actor: every statement is a step, and Postgres' triggers know who it is. */
export function steppedDb(base: Db, stage: Stage, actor: Actor): Db {
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => steppedDriver(base, stage, actor),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

interface Held extends DatabaseConnection {
  readonly release: () => void;
}

function steppedDriver(base: Db, stage: Stage, actor: Actor): Driver {
  const run = (connection: DatabaseConnection, statement: string) => connection.executeQuery(Statement.raw(statement));
  return {
    init: async () => undefined,
    acquireConnection: () => stage.step(actor, 'connect', () => hold(base, stage, actor)),
    beginTransaction: async (connection) => void (await run(connection, 'begin')),
    commitTransaction: async (connection) => void (await run(connection, 'commit')),
    rollbackTransaction: async (connection) => void (await run(connection, 'rollback')),
    releaseConnection: async (connection) => (connection as Held).release(),
    destroy: async () => undefined,
  };
}

/** The server's id of a session, and whom it was lent to last. */
const known = new WeakMap<DatabaseConnection, { readonly pid: number; readonly actor: Actor }>();

/** Takes a session out of the pool and tells it whose it is. */
function hold(base: Db, stage: Stage, actor: Actor): Promise<Held> {
  return new Promise((resolve, reject) => {
    const lent = base.getExecutor().provideConnection(async (session) => {
      if (known.get(session)?.actor !== actor) known.set(session, { pid: await introduce(session, actor), actor });
      const pid = known.get(session)?.pid ?? 0;
      actor.sessions.set(pid, () => untilGone(session));
      await new Promise<void>((release) => resolve(heldBy({ session, pid, release }, stage, actor)));
      actor.sessions.delete(pid);
    });
    lent.catch(reject);
  });
}

async function introduce(session: DatabaseConnection, actor: Actor): Promise<number> {
  const statement = "select pg_backend_pid() as pid, set_config('model.actor', $1, false)";
  const { rows } = await session.executeQuery<{ pid: number }>(Statement.raw(statement, [actor.name]));
  return rows[0]?.pid ?? 0;
}

interface Lent {
  readonly session: DatabaseConnection;
  readonly pid: number;
  readonly release: () => void;
}

function heldBy({ session, pid, release }: Lent, stage: Stage, actor: Actor): Held {
  const execute = async <R>(query: CompiledQuery) => {
    const result = await session.executeQuery<R>(query);
    if (query.sql !== 'commit' || !actor.losesCommit) return result;
    actor.losesCommit = false;
    throw new Error('Connection terminated unexpectedly');
  };
  return {
    release,
    executeQuery: <R>(query: CompiledQuery) => stage.step(actor, shortened(query.sql), () => execute<R>(query), pid),
    streamQuery: () => {
      throw new Error('nothing here reads by streams');
    },
  };
}

function shortened(statement: string): string {
  return statement.replaceAll(/\s+/g, ' ').trim().slice(0, 60);
}

/**
 * The driver learns of a session's end twice: by the server's last message, and by the closed socket. Only after that
 * does the pool not hand it out again.
 */
async function untilGone(session: DatabaseConnection): Promise<void> {
  for (let probe = 0; probe < 2; probe += 1)
    await session.executeQuery(Statement.raw('select 1')).catch(() => undefined);
}
