import { connectors } from '@syncline/connectors';
import { openDatabase, rowCounts } from '@syncline/store';
import { nextSync } from './next-sync.js';

export interface SummaryOptions {
  readonly databaseUrl: string;
  readonly url: string;
  readonly adminKey: string;
  readonly home: string;
  /** The database is ours, on this machine: its address is shown with the password, for psql. */
  readonly embedded: boolean;
  /** Syncs start by themselves. */
  readonly scheduler: boolean;
}

/** What there is now, where to look, and how to go on. */
export async function printSummary(options: SummaryOptions): Promise<void> {
  const db = openDatabase({
    databaseUrl: options.databaseUrl,
    applicationName: 'syncline up',
    poolSize: 1,
    onError: () => undefined,
  });
  const tables = connectors.flatMap((connector) => connector.entities.map((entity) => entity.table.name));
  const read = Promise.all([rowCounts(db, tables), nextSync(db, options.scheduler)]);
  const [counts, next] = await read.finally(() => db.destroy());
  const rows = counts.map(({ table, rows }) => `  ${table.padEnd(14)} ${String(rows).padStart(8)} rows`);
  process.stdout.write(`
${rows.join('\n')}

  API reference  ${options.url}/docs
  Bull Board     ${options.url}/admin/queues
  Postgres       ${options.embedded ? options.databaseUrl : options.databaseUrl.replace(/:[^:@/]*@/, ':…@')}
  Admin key      ${options.adminKey}
  Logs and data  ${options.home}
  Next sync      ${next}

Sync again:
  curl -X POST ${options.url}/api/sync/trigger \\
    -H 'authorization: Bearer ${options.adminKey}' \\
    -H 'content-type: application/json' -d '{"syncType":"full"}'

Ctrl-C stops everything; the data is kept for the next start.
`);
}
