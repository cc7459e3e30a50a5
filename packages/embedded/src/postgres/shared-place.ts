import { chmod, cp, lstat, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EmbeddedError } from '../embedded-error.js';
import { homeHash, type Layout } from '../home/layout.js';
import { openSharedFolder, sharedFolder } from '../home/shared-folder.js';
import { giveTo } from '../process/give-to.js';
import type { Identity } from '../process/identity.js';

/** The file in a place that names the home it belongs to. */
const ownerFile = 'home';

/**
 * Opens a place below root's shared folder for a home's cluster, moves a cluster there that the home
 * may hold, and links to it from the home. Answers the cluster's folder.
 */
export async function createPlace(layout: Layout, identity: Identity, onStep: (line: string) => void): Promise<string> {
  await openSharedFolder();
  await mentionEarlier(layout, onStep);
  const place = await mkdtemp(join(sharedFolder, `${homeHash(layout.home)}-`));
  await chmod(place, 0o755);
  await writeFile(join(place, ownerFile), `${layout.home}\n`);
  const data = join(place, 'postgres');
  const earlier = await lstat(layout.postgres).catch(() => undefined);
  if (earlier) {
    await cp(layout.postgres, data, { recursive: true, verbatimSymlinks: true });
    await giveTo(data, identity);
    await chmod(data, 0o700);
    await rm(layout.postgres, { recursive: true });
  }
  await symlink(data, layout.postgres);
  return data;
}

/** Makes sure that a place belongs to this home: a copied home still links to the original's database. */
export async function adoptPlace(place: string, layout: Layout): Promise<void> {
  const owner = (await readFile(join(place, ownerFile), 'utf8').catch(() => '')).trim();
  if (owner === layout.home) return;
  const ownersDatabase = await realpath(join(owner, basename(layout.postgres))).catch(() => undefined);
  if (owner === '' || ownersDatabase?.startsWith(`${place}/`)) {
    throw new EmbeddedError(
      owner === ''
        ? `${layout.postgres} points into ${place}, where there is no database any more.`
        : `${layout.postgres} points to the database of ${owner}.`,
      `Remove ${layout.postgres} to begin with an empty database, or set DATABASE_URL.`,
    );
  }
  // The home was moved, and its link with it.
  await writeFile(join(place, ownerFile), `${layout.home}\n`);
}

/** A home that was deleted leaves its place. It may also have been moved, so removing it is for people to decide. */
async function mentionEarlier(layout: Layout, onStep: (line: string) => void): Promise<void> {
  const names = await readdir(sharedFolder);
  for (const name of names.filter((found) => found.startsWith(`${homeHash(layout.home)}-`))) {
    onStep(`${join(sharedFolder, name)} holds the database of an earlier ${layout.home}; remove it if nobody needs it`);
  }
}
