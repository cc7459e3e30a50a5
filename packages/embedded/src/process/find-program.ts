import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

// Places that a login shell knows and a process started by npm or a service manager may not.
const usualFolders = ['/usr/local/bin', '/usr/bin', '/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin'];

/** Absolute path of a program on PATH or in a usual folder, undefined when there is none. */
export async function findProgram(name: string): Promise<string | undefined> {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  for (const folder of new Set([...onPath, ...usualFolders])) {
    const file = join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
