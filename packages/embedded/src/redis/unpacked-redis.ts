import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceScene } from '../service-scene.js';
import type { RedisProgram } from './redis-program.js';

/** Where the unpacked package of the distribution lies. */
export function unpackedFolder(tools: string): string {
  return join(tools, 'redis-package');
}

/** The Redis that an earlier start unpacked, if any. */
export async function findUnpackedRedis(scene: ServiceScene): Promise<RedisProgram | undefined> {
  return programIn(unpackedFolder(scene.layout.tools));
}

/** The server in a folder into which packages were unpacked, with every folder that holds libraries. */
export async function programIn(folder: string): Promise<RedisProgram | undefined> {
  const command = join(folder, 'usr', 'bin', 'redis-server');
  const isThere = await stat(command).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const found = await Promise.all(['usr/lib', 'lib'].map((name) => libraryFolders(join(folder, name))));
  return { command, libraries: found.flat() };
}

async function libraryFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const libraries = entries.filter((entry) => /\.so(\.|$)/.test(entry.name));
  return [...new Set(libraries.map((entry) => entry.parentPath))];
}
