import { lstat, readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sharedFolder } from '../home/shared-folder.js';
import { firstClosedFolder } from '../home/traversal.js';
import type { ServiceScene } from '../service-scene.js';
import { adoptPlace, createPlace } from './shared-place.js';

/**
 * Where the cluster lies: in the home, or, when Postgres' user cannot enter that, in a place of
 * root's to which the home then holds a link. The folder itself need not exist yet. Throws an
 * EmbeddedError when the link leads to another home's database.
 */
export async function findDataFolder(scene: ServiceScene): Promise<string> {
  const { layout, identity, ephemeral } = scene;
  const link = await readLink(layout.postgres);
  if (link?.startsWith(`${sharedFolder}/`)) {
    await adoptPlace(dirname(link), layout);
    return link;
  }
  // A link that the user made, e.g. to a larger disk.
  if (link) return link;
  if (ephemeral || !identity) return layout.postgres;
  const closed = await firstClosedFolder(layout.root, identity);
  if (closed === undefined) return layout.postgres;
  scene.onStep(
    `Keeping the database below ${sharedFolder}: Postgres runs as ${identity.name}, who cannot enter ${closed}`,
  );
  return createPlace(layout, identity, scene.onStep);
}

async function readLink(file: string): Promise<string | undefined> {
  const found = await lstat(file).catch(() => undefined);
  return found?.isSymbolicLink() ? resolve(dirname(file), await readlink(file)) : undefined;
}
