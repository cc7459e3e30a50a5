import { chown, lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identity } from './identity.js';

/** Makes a user the owner of a folder and of all below it. Does nothing when we are not root. */
export async function giveTo(folder: string, identity: Identity | undefined): Promise<void> {
  if (!identity) return;
  await chown(folder, identity.uid, identity.gid);
  const names = await readdir(folder, { recursive: true });
  await Promise.all(names.map((name) => lchown(join(folder, name), identity.uid, identity.gid)));
}
