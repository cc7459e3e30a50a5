import { chmod, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commonHome } from './common-home.js';

/** A home for services of one's own that outlives their restarts, with the tools that all test runs share. */
export async function openOwnHome(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'syncline-own-')));
  // As root, services run as somebody else, who has to get in.
  await chmod(folder, 0o755);
  const tools = resolve(commonHome, 'tools');
  await mkdir(tools, { recursive: true });
  await symlink(tools, join(folder, 'tools'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
