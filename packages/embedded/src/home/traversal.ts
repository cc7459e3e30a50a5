import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Identity } from '../process/identity.js';

/** The part of a file's status that decides who may enter a folder. */
export interface FolderMode {
  mode: number;
  uid: number;
  gid: number;
}

/** Whether a user may pass through a folder, by its mode bits (access lists are not looked at). */
export function mayEnter(folder: FolderMode, identity: Identity): boolean {
  // The first class that fits decides alone: an owner without the bit is out, whatever others may do.
  if (folder.uid === identity.uid) return (folder.mode & 0o100) !== 0;
  if (folder.gid === identity.gid) return (folder.mode & 0o010) !== 0;
  return (folder.mode & 0o001) !== 0;
}

/** The uppermost folder on the way to `path`, itself included, that the user cannot enter; undefined if none. */
export async function firstClosedFolder(path: string, identity: Identity): Promise<string | undefined> {
  let closed: string | undefined;
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    if (!mayEnter(await stat(folder), identity)) closed = folder;
    if (folder === dirname(folder)) return closed;
  }
}
