import { chmod, mkdir } from 'node:fs/promises';

/** Root's own place for what another user must reach while the home is closed to that user. */
export const sharedFolder = '/var/lib/syncline';

/** Makes sure that it is there and that everyone may enter it, whatever umask we run under. */
export async function openSharedFolder(): Promise<string> {
  await mkdir(sharedFolder, { recursive: true });
  await chmod(sharedFolder, 0o755);
  return sharedFolder;
}
