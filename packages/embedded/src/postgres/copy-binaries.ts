import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { completeLinks } from './bundled-binaries.js';

/**
 * Copies the Postgres programs to `folder`, readable for everyone, and answers where they are. Done
 * once: an existing copy is used again. The copy appears whole or not at all.
 */
export async function copyBinaries(native: string, folder: string, onStep: (line: string) => void): Promise<string> {
  const place = join(folder, 'native');
  if (await exists(place)) return place;
  onStep(`Copying the Postgres programs to ${folder}, where their user can reach them`);
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}.`);
  try {
    await cp(native, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
    await openToAll(fresh);
    await completeLinks(join(fresh, 'native'));
    await rename(fresh, folder).catch(async (error) => {
      // Another start was quicker.
      if (!(await exists(place))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return place;
}

/** The modes of a checkout made with a strict umask would lock the other user out of the copy too. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.isSymbolicLink()) continue;
    const file = join(entry.parentPath, entry.name);
    const { mode } = await stat(file);
    await chmod(file, mode & 0o100 ? 0o755 : 0o644);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
