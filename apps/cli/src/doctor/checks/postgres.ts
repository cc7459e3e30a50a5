import { listLargestTables, listWorkers, readServerFacts } from '@syncline/store';
import { type Check, ok, problem, warning } from '../check.js';
import type { Scene } from '../scene.js';
import { skew } from '../skew.js';
import { inPostgres } from './needs.js';

const oldest = 14;
/** Of an API, and of a worker beside its concurrency. */
const pools = { api: 10, workerBeside: 5 };
const aliveSeconds = 20;
const bloat = { share: 0.5, rows: 100_000 };
const gigabyte = 1024 ** 3;

export const postgresChecks: readonly Check[] = [
  {
    id: 'postgres.reachable',
    look: ({ noPostgres }) =>
      noPostgres === undefined
        ? ok('Postgres answers.')
        : problem(`Postgres cannot be used: ${noPostgres}. Check DATABASE_URL, the server and its firewall.`),
  },
  {
    id: 'postgres.version',
    look: inPostgres(async ({ db }) => {
      const { version } = await readServerFacts(db);
      const major = Math.floor(version / 10_000);
      if (major < oldest) return problem(`Postgres ${major}; ${oldest} or later is needed.`);
      return ok(`Postgres ${major}.`);
    }),
  },
  {
    id: 'postgres.writable',
    look: inPostgres(async ({ db }) =>
      (await readServerFacts(db)).readOnly
        ? problem(
            'Postgres takes no writes: it is a standby, or the session is read-only. Lead DATABASE_URL to the primary.',
          )
        : ok('Postgres takes writes.'),
    ),
  },
  {
    id: 'postgres.clock',
    look: inPostgres(async ({ db }, { clock }) => skew('Postgres', clock, async () => (await readServerFacts(db)).now)),
  },
  {
    id: 'postgres.connections',
    look: inPostgres(async ({ db }, scene) => {
      const { connections } = await readServerFacts(db);
      const workers = (await listWorkers(db)).filter(({ quietSeconds }) => quietSeconds < aliveSeconds).length;
      const wanted = Math.max(1, workers) * (concurrencyOf(scene) + pools.workerBeside) + pools.api;
      const { most, open } = connections;
      const fleet = `${Math.max(1, workers)} workers and one API may open ${wanted} connections`;
      if (wanted > most) {
        return problem(
          `${fleet}, and Postgres allows ${most}. Raise max_connections, or lower SYNCLINE_WORKER_CONCURRENCY.`,
        );
      }
      if (open > most * 0.8)
        return warning(`${open} of ${most} connections are open. Raise max_connections, or use a pooler.`);
      return ok(`${open} of ${most} connections are open; ${fleet}.`);
    }),
  },
  {
    id: 'postgres.size',
    look: inPostgres(async ({ db }) => {
      const tables = await listLargestTables(db, 20);
      const [largest] = tables;
      const bloated = tables.filter(({ live, dead }) => dead > bloat.rows && dead > live * bloat.share);
      if (bloated.length > 0) {
        const names = bloated.map(({ table, dead }) => `${table} (${dead} dead rows)`).join(', ');
        return warning(`Autovacuum does not keep up with ${names}: vacuum them, and look for long transactions.`);
      }
      const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
      return ok(`The tables take ${(bytes / gigabyte).toFixed(2)} GB, the largest is ${largest?.table ?? 'none'}.`);
    }),
  },
];

function concurrencyOf({ environment: { values } }: Scene): number {
  return values.SYNCLINE_WORKER_CONCURRENCY ?? 5;
}
