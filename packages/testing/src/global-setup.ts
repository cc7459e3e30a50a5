import type { TestProject } from 'vitest/node';
import { commonHome } from './common-home.js';
import { memoryFolder } from './memory-folder.js';
import { startTestServices } from './services.js';

/** Vitest's global setup: brings the services up once for a whole run, and takes them down after it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = process.env['TMPDIR'] === undefined ? memoryFolder() : undefined;
  // For the services, and for what tests write: the processes that run them are made later, of this environment.
  if (folder !== undefined) process.env['TMPDIR'] = folder;
  const services = await startTestServices(commonHome, (line) => process.stderr.write(`${line}\n`));
  project.provide('adminUrl', services.adminUrl);
  project.provide('redisUrl', services.redisUrl);
  project.provide('template', services.template);
  project.provide('cloning', services.cloning);
  return services.stop;
}
