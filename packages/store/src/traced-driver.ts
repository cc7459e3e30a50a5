import { inChildSpan } from '@syncline/tracing';
import type { CompiledQuery, DatabaseConnection, Driver } from 'kysely';
import { MigrationLockDriver } from './schema-choice/migration-lock.js';

/**
 * Makes a span of each statement, COMMIT included: by its first word and its table, never by its parameters. The one place
 * that every statement of ours passes; hooks on `import` would not find the driver in a bundle.
 */
export class TracedDriver extends MigrationLockDriver {
  readonly #known = new WeakSet<DatabaseConnection>();

  override async acquireConnection(): ReturnType<Driver['acquireConnection']> {
    const connection = await super.acquireConnection();
    if (!this.#known.has(connection)) {
      this.#known.add(connection);
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = <R>(query: CompiledQuery) => {
        const { operation, table } = nameOf(query.sql);
        const attributes = {
          'db.system.name': 'postgresql',
          'db.operation.name': operation,
          'db.collection.name': table,
        };
        const name = table === undefined ? operation : `${operation} ${table}`;
        return inChildSpan(name, { kind: 'client', attributes }, () => execute<R>(query));
      };
    }
    return connection;
  }
}

/** Enough of a statement to find it in the source. */
function nameOf(sql: string): { operation: string; table: string | undefined } {
  const table = /\b(?:into|update|from|join)\s+(?:only\s+)?"?([a-z_][a-z0-9_]*)/i.exec(sql)?.[1];
  const first = /^\s*(?:--[^\n]*\n\s*)*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? 'SQL';
  // What a common table expression is for.
  const operation =
    first === 'WITH' ? (/\b(insert|update|delete)\b/i.exec(sql)?.[1]?.toUpperCase() ?? 'SELECT') : first;
  return { operation, table };
}
