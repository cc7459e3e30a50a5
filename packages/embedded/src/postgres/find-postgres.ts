import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedError } from '../embedded-error.js';
import { openSharedFolder } from '../home/shared-folder.js';
import { findProgram } from '../process/find-program.js';
import { lastLines, runTool } from '../process/run-tool.js';
import type { ServiceScene } from '../service-scene.js';
import { completeLinks, findBundledPostgres } from './bundled-binaries.js';
import { copyBinaries } from './copy-binaries.js';

export interface PostgresPrograms {
  postgres: string;
  initdb: string;
  /** E.g. 18. */
  major: number;
}

const oldestMajor = 14;
const debianFolder = '/usr/lib/postgresql';

/**
 * Finds a Postgres that the service's user can run: the one npm installed, a copy of it where that
 * user can reach it, else one of the system. Throws an EmbeddedError when there is none.
 */
export async function findPostgres(scene: ServiceScene): Promise<PostgresPrograms> {
  const bundled = await findBundled(scene);
  if (!('trouble' in bundled)) return bundled;
  for (const folder of await systemFolders()) {
    const found = await probe(folder, scene);
    if (!('trouble' in found) && found.major >= oldestMajor) return found;
  }
  throw new EmbeddedError(
    `No Postgres can be run here. ${bundled.trouble}`,
    `Set DATABASE_URL to a Postgres of yours, or install one (${oldestMajor} or later), e.g. with "apt-get install postgresql".`,
  );
}

interface Trouble {
  trouble: string;
}

async function findBundled(scene: ServiceScene): Promise<PostgresPrograms | Trouble> {
  const bundled = await findBundledPostgres();
  if (!bundled) return { trouble: 'npm installed none for this platform.' };
  const linked = await completeLinks(bundled.folder);
  const found = await probe(join(bundled.folder, 'bin'), scene);
  if (!('trouble' in found)) return found;
  // A copy helps where the user cannot get at the files, or where we could not add what is missing.
  if (!scene.identity && linked) return found;
  try {
    const parent = scene.identity ? await openSharedFolder() : scene.layout.tools;
    const copy = await copyBinaries(bundled.folder, join(parent, `postgres-${bundled.version}`), scene.onStep);
    return await probe(join(copy, 'bin'), scene);
  } catch (error) {
    return { trouble: `${found.trouble}\n${(error as Error).message}` };
  }
}

/** Asks both programs for their version: they run if their libraries are there and their user may read them. */
async function probe(folder: string, scene: ServiceScene): Promise<PostgresPrograms | Trouble> {
  const programs = { postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
  const answers = await Promise.all(
    Object.values(programs).map((command) => runTool({ command, args: ['--version'], identity: scene.identity })),
  );
  const failed = answers.find((answer) => !answer.ok);
  if (failed) return { trouble: lastLines(failed.output) };
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(answers[0]?.output ?? '')?.[1]);
  return major > 0 ? { ...programs, major } : { trouble: `${programs.postgres} does not tell its version.` };
}

/** Folders with a Postgres of the system, the newest of Debian's first, then the one on PATH. */
async function systemFolders(): Promise<string[]> {
  const versions = (await readdir(debianFolder).catch(() => [])).map(Number).filter((major) => major >= oldestMajor);
  const folders = versions.sort((a, b) => b - a).map((major) => join(debianFolder, String(major), 'bin'));
  const onPath = await findProgram('postgres');
  // What is on PATH may be a link; initdb and the libraries lie beside the real one.
  return onPath ? [...folders, dirname(await realpath(onPath))] : folders;
}
