import { connectors } from '@syncline/connectors';
import { type Connection, rowCounts } from '@syncline/store';
import { withDatabase } from '../with-database.js';
import { environmentConnections, historyLines } from './histories.js';
import { nextSync } from './next-sync.js';

export interface SummaryOptions {
  readonly databaseUrl: string;
  readonly schema: string | undefined;
  readonly url: string;
  /** Undefined where it was not built. */
  readonly dashboard: string | undefined;
  readonly adminKey: string;
  readonly home: string;
  /** The database is ours, on this machine: its address is shown with the password, for psql. */
  readonly embedded: boolean;
  /** Syncs start by themselves. */
  readonly scheduler: boolean;
  /** The connectors that there are connections for. */
  readonly connected: readonly string[];
  /** A client of the simulated Notion, and where it is changed; undefined where there is no such thing. */
  readonly client: { readonly pageId: string; readonly url: string } | undefined;
}

/** What there is now, where to look, and how to go on. */
export async function printSummary(options: SummaryOptions): Promise<void> {
  const tables = connectors
    .filter(({ id }) => options.connected.includes(id))
    .flatMap((connector) => connector.entities.map((entity) => entity.table.name));
  const { databaseUrl, schema } = options;
  const [counts, next, histories, connections] = await withDatabase(
    { databaseUrl, schema, applicationName: 'syncline up' },
    (db) =>
      Promise.all([
        rowCounts(db, tables),
        nextSync(db, options.scheduler),
        historyLines(db, options.url),
        environmentConnections(db),
      ]),
  );
  const rows = counts.map(({ table, rows, deleted }) => {
    const marked = deleted === 0 ? '' : `, ${deleted} marked as deleted`;
    return `  ${table.padEnd(19)} ${String(rows).padStart(8)} rows${marked}`;
  });
  process.stdout.write(`
${rows.join('\n')}

${options.dashboard === undefined ? '' : `  Dashboard      ${options.dashboard}\n`}  API reference  ${options.url}/docs
  Bull Board     ${options.url}/admin/queues
  Postgres       ${options.embedded ? options.databaseUrl : options.databaseUrl.replace(/:[^:@/]*@/, ':…@')}
  Admin key      ${options.adminKey}
  Logs and data  ${options.home}
${[`  Next sync      ${next}`, ...histories].join('\n')}
${again(options)}${verify(connections)}${change(options)}
Ctrl-C stops everything; the data is kept for the next start.
`);
}

/** How to start another sync of the firm; of other vendors the API's reference tells. */
function again({ url, adminKey, connected }: SummaryOptions): string {
  if (!connected.includes('practicepanther')) return '';
  return `
Sync again:
  curl -X POST ${url}/api/sync/trigger \\
    -H 'authorization: Bearer ${adminKey}' \\
    -H 'content-type: application/json' -d '{"syncType":"full"}'
`;
}

/** How to hold what the vendors have against the rows. */
function verify(connections: readonly Connection[]): string {
  if (connections.length === 0) return '';
  const lines = connections.map(({ id, connector }) => `  npm run verify -- ${id}   # ${connector}`);
  return `
Verify, that is hold what a vendor has against the rows (it takes what the vendor's budget leaves over):
${lines.join('\n')}
`;
}

/** How to change something at the simulated Notion, which tells of it by a webhook, and to see it arrive. */
function change({ client, embedded, databaseUrl, schema }: SummaryOptions): string {
  if (client === undefined) return '';
  const table = schema === undefined ? 'clients' : `"${schema}".clients`;
  return `
Change a client at the simulated Notion (which also changes some by itself, now and then), and see it arrive:
  curl -X PATCH ${client.url} \\
    -d '{"property":"Contact Email","value":"new@acme.example"}'
  psql "${embedded ? databaseUrl : '$DATABASE_URL'}" \\
    -c "select name, contact_email, last_sync_at from ${table} where notion_page_id = '${client.pageId}'"
`;
}
