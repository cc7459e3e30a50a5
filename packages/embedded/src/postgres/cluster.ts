import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedError } from '../embedded-error.js';
import { createSecret, readSecret, writeSecret } from '../home/secret.js';
import { giveTo } from '../process/give-to.js';
import { lastLines, runTool, toolEnv } from '../process/run-tool.js';
import type { ServiceScene } from '../service-scene.js';
import type { PostgresPrograms } from './find-postgres.js';

/** Superuser and database of a cluster of ours. */
export const databaseName = 'syncline';

// Only over TCP, only from this machine, only with the password.
const accessRules = 'host all all 127.0.0.1/32 scram-sha-256\n';

/**
 * Makes sure that there is a cluster in `data` and answers its superuser's password. Throws an
 * EmbeddedError when it cannot be created, or was made by another major version.
 */
export async function ensureCluster(scene: ServiceScene, programs: PostgresPrograms, data: string): Promise<string> {
  const secretFile = scene.layout.secret('postgres');
  const known = await readSecret(secretFile);
  const version = await clusterVersion(data);
  if (version !== undefined) checkVersion(version, programs, data);
  if (version !== undefined && known) return known;

  const secret = known ?? createSecret();
  if (version === undefined) await createCluster(scene, programs, data, secret);
  // The password file was lost, not the data: give the cluster a new password.
  else await runSql(scene, programs, data, [passwordSql(secret)]);
  await writeSecret(secretFile, secret);
  return secret;
}

async function createCluster(
  scene: ServiceScene,
  programs: PostgresPrograms,
  data: string,
  secret: string,
): Promise<void> {
  await rejectForeignFiles(data);
  scene.onStep(`Creating a Postgres cluster in ${data}`);
  // Built beside its place and then renamed, so that an interrupted creation is not taken for a cluster.
  const fresh = `${data}.new`;
  await rm(fresh, { recursive: true, force: true });
  try {
    await mkdir(fresh, { recursive: true, mode: 0o700 });
    await giveTo(fresh, scene.identity);
    await initialise(scene, programs, fresh);
    await writeFile(join(fresh, 'pg_hba.conf'), accessRules);
    await runSql(scene, programs, fresh, [passwordSql(secret), `CREATE DATABASE ${databaseName}`]);
    await rename(fresh, data);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function initialise(scene: ServiceScene, programs: PostgresPrograms, folder: string): Promise<void> {
  // The built-in provider (from 17 on) sorts by code point, the same on every machine, and still knows
  // the upper case of "é"; the plain C locale does not.
  const locale = programs.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const made = await runTool({
    command: programs.initdb,
    args: [
      ...['-D', folder, '-U', databaseName, '-E', 'UTF8', '--locale=C', ...locale],
      ...['--no-instructions', '--auth=trust', ...(scene.ephemeral ? ['--no-sync'] : [])],
    ],
    identity: scene.identity,
    env: toolEnv(),
  });
  if (made.ok) return;
  throw new EmbeddedError(
    `The Postgres cluster could not be created in ${folder}.\n${lastLines(made.output)}`,
    /user does not exist/.test(made.output)
      ? 'Start Syncline as a user that /etc/passwd knows, or set DATABASE_URL to a Postgres of yours.'
      : 'Set DATABASE_URL to a Postgres of yours, or SYNCLINE_HOME to a folder with enough room.',
  );
}

/** Runs statements in a cluster whose server is not running. They are not logged. */
async function runSql(
  scene: ServiceScene,
  programs: PostgresPrograms,
  data: string,
  statements: readonly string[],
): Promise<void> {
  const options = ['exit_on_error=on', 'log_statement=none', ...(scene.ephemeral ? ['fsync=off'] : [])];
  const run = await runTool({
    command: programs.postgres,
    args: ['--single', '-D', data, ...options.flatMap((option) => ['-c', option]), 'postgres'],
    identity: scene.identity,
    input: `${statements.join('\n')}\n`,
  });
  if (run.ok) return;
  throw new EmbeddedError(
    `The Postgres cluster in ${data} could not be prepared.\n${lastLines(run.output)}`,
    'Set DATABASE_URL to a Postgres of yours.',
  );
}

function passwordSql(secret: string): string {
  return `ALTER ROLE ${databaseName} PASSWORD '${secret}'`;
}

/** The major version that made the cluster, undefined when there is none. */
async function clusterVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EmbeddedError(
      `The database in ${data} belongs to another user: ${(error as Error).message}`,
      `Start Syncline as the user that created ${dirname(data)}, or set SYNCLINE_HOME to another folder.`,
      { cause: error },
    );
  }
}

function checkVersion(version: string, programs: PostgresPrograms, data: string): void {
  if (Number(version) === programs.major) return;
  throw new EmbeddedError(
    `The database in ${data} was made by Postgres ${version}, and this is Postgres ${programs.major}.`,
    `Move ${data} away to begin with an empty database, or set DATABASE_URL to a Postgres ${version} with its data.`,
  );
}

/** Whatever lies where the cluster should go and is none was put there by someone: never removed. */
async function rejectForeignFiles(data: string): Promise<void> {
  const names = await readdir(data).catch(() => undefined);
  if (!names) return;
  if (names.length === 0) return rmdir(data);
  throw new EmbeddedError(
    `${data} holds files, but no Postgres cluster.`,
    `Move ${data} away, or set SYNCLINE_HOME to another folder.`,
  );
}
