import { realpath } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import { startOnFreePort } from '../on-free-port.js';
import type { EndStep } from '../process/end-process.js';
import type { ServiceScene, StartedService } from '../service-scene.js';
import { databaseName, ensureCluster } from './cluster.js';
import { findDataFolder } from './data-folder.js';
import { findPostgres } from './find-postgres.js';
import { readPostmaster } from './postmaster-file.js';
import { fastShutdown } from './stale-postgres.js';

/** Modest, for a developer's machine. */
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=128MB',
  'max_wal_size=2GB',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_destination=stderr',
  'logging_collector=off',
];
/** Faster, and worthless after a power cut: for data that is thrown away anyway. */
const carelessSettings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const immediateShutdown: readonly EndStep[] = [{ signal: 'SIGQUIT', waitMs: 3_000 }];

/** Brings a Postgres with a database `syncline`. Throws an EmbeddedError when none can be had. */
export async function startPostgres(scene: ServiceScene): Promise<StartedService> {
  const programs = await findPostgres(scene);
  const folder = await findDataFolder(scene);
  const secret = await ensureCluster(scene, programs, folder);
  // Without links, as the next start looks for exactly this word on the command line.
  const data = await realpath(folder);
  const chosen = [...settings, ...(scene.ephemeral ? carelessSettings : [])];
  return startOnFreePort(scene, {
    portFile: scene.layout.port('postgres'),
    spec: (port) => ({
      part: 'postgres',
      command: programs.postgres,
      args: ['-D', data, ...[...chosen, `port=${port}`].flatMap((setting) => ['-c', setting])],
      cwd: dirname(data),
      identity: scene.identity,
      logFile: `${scene.layout.logs}/postgres.log`,
      endSteps: scene.ephemeral ? immediateShutdown : fastShutdown,
    }),
    isReady: async (port, service) => {
      const postmaster = await readPostmaster(data);
      return postmaster?.pid === service.pid && postmaster.ready && (await accepts(port));
    },
    url: (port) => `postgres://${databaseName}:${secret}@127.0.0.1:${port}/${databaseName}`,
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection({ port, host: '127.0.0.1' });
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
