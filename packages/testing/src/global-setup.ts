import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startTestServices } from './services.js';

const home = fileURLToPath(new URL('../../../.syncline', import.meta.url));

/** Vitest's global setup: brings the services up once for a whole run, and takes them down after it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const services = await startTestServices(process.env['SYNCLINE_HOME'] ?? home, (line) =>
    process.stderr.write(`${line}\n`),
  );
  project.provide('adminUrl', services.adminUrl);
  project.provide('redisUrl', services.redisUrl);
  project.provide('template', services.template);
  return services.stop;
}
