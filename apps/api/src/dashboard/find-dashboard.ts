import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const builtTo = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url));

/** The folder with the built dashboard; undefined where it was not built. */
export function findDashboard(folder: string = builtTo): string | undefined {
  return existsSync(join(folder, 'index.html')) ? folder : undefined;
}
