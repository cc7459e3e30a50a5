import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../process/find-program.js';
import { lastLines, runTool, toolEnv } from '../process/run-tool.js';
import type { ServiceScene } from '../service-scene.js';
import { aptConfig } from './apt-config.js';
import { type RedisProgram, redisTrouble } from './redis-program.js';
import { findUnpackedRedis, programIn, unpackedFolder } from './unpacked-redis.js';

type Brought = RedisProgram | { trouble: string };

/**
 * Fetches the distribution's redis-server, with the libraries that the system lacks, and unpacks it
 * below the home: no root, nothing installed. It appears whole or not at all.
 */
export async function fetchWithApt(scene: ServiceScene): Promise<Brought> {
  const [aptGet, dpkgDeb] = await Promise.all([findProgram('apt-get'), findProgram('dpkg-deb')]);
  if (!aptGet || !dpkgDeb) return { trouble: 'This system has no apt-get to fetch redis-server with.' };
  scene.onStep('Fetching redis-server with apt (no root needed)');
  const { tools } = scene.layout;
  await mkdir(tools, { recursive: true });
  // Lists and packages are some 20 MB of no further use: all of this goes away again.
  const work = await mkdtemp(join(tools, 'apt-'));
  try {
    const packages = await download(aptGet, work);
    if ('trouble' in packages) return packages;
    const fresh = join(work, 'unpacked');
    for (const file of packages.files) {
      const unpacked = await runTool({ command: dpkgDeb, args: ['-x', file, fresh] });
      if (!unpacked.ok) return { trouble: `Unpacking ${file} failed: ${lastLines(unpacked.output, 2)}` };
    }
    return await takeOver(scene, fresh);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(aptGet: string, work: string): Promise<{ files: string[] } | { trouble: string }> {
  const config = join(work, 'apt.conf');
  const archives = join(work, 'archives');
  for (const folder of ['state', 'lists/partial', 'cache', 'archives/partial', 'log']) {
    await mkdir(join(work, folder), { recursive: true });
  }
  await writeFile(config, aptConfig(work));
  const apt = (...args: string[]) =>
    runTool({
      command: aptGet,
      args: ['-c', config, '-q', ...args],
      env: toolEnv({ DEBIAN_FRONTEND: 'noninteractive' }),
      timeoutMs: 300_000,
    });
  // Its result does not matter: one broken source of many fails it, and Redis may be in another.
  const updated = await apt('update');
  const fetched = await apt('install', '--download-only', '--no-install-recommends', '-y', 'redis-server');
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb')).map((name) => join(archives, name));
  if (fetched.ok && files.length > 0) return { files };
  return { trouble: `apt-get could not fetch redis-server: ${lastLines(`${updated.output}\n${fetched.output}`)}` };
}

/** Tries the program where it was unpacked, then gives the folder its final name. */
async function takeOver(scene: ServiceScene, fresh: string): Promise<Brought> {
  const candidate = await programIn(fresh);
  if (!candidate) return { trouble: 'The package redis-server holds no server.' };
  const trouble = await redisTrouble(candidate);
  if (trouble) return { trouble };
  const folder = unpackedFolder(scene.layout.tools);
  await rename(fresh, folder).catch(async () => {
    // Another start was quicker, or what lies there is broken, else it would have been used.
    const other = await findUnpackedRedis(scene);
    if (other && !(await redisTrouble(other))) return;
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  });
  return (await findUnpackedRedis(scene)) ?? { trouble: `${folder} vanished while it was being filled.` };
}
