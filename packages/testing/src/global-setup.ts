import type { TestProject } from 'vitest/node';
import { commonHome } from './common-home.js';
import { startTestServices } from './services.js';

/** Vitest's global setup: brings the services up once for a whole run, and takes them down after it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const services = await startTestServices(commonHome, (line) => process.stderr.write(`${line}\n`));
  project.provide('adminUrl', services.adminUrl);
  project.provide('redisUrl', services.redisUrl);
  project.provide('template', services.template);
  return services.stop;
}
