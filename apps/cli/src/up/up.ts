import { resolve } from 'node:path';
import { EnvironmentError, supabaseHint } from '@syncline/config';
import { catalogue } from '@syncline/connector-kit';
import { type EmbeddedServices, startEmbedded } from '@syncline/embedded';
import { readEnvironment } from '../environment.js';
import { migrateDatabase } from '../migrate.js';
import { ApiClient, type JobView } from './api-client.js';
import { type Child, script, startChild } from './child.js';
import { type Keys, keysOf } from './keys.js';
import { progressView } from './progress.js';
import { printSummary } from './summary.js';

export interface UpOptions {
  readonly workers: number;
  /** Size of the simulated firm. */
  readonly contacts: number;
}

/** Undone in reverse order, whatever has been started by then. */
class Undo {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

/**
 * `npm start`: services, migrations, the vendor (simulated, unless one is configured), API, workers, a first sync with
 * live progress, and then whatever comes, until Ctrl-C.
 *
 * Throws EnvironmentError and EmbeddedError with what to do.
 */
export async function up(options: UpOptions): Promise<void> {
  const undo = new Undo();
  let stopping: Promise<void> | undefined;
  const stop = (code: number) => {
    stopping ??= undo.run().then(() => process.exit(code));
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping === undefined) process.stdout.write('\nStopping …\n');
      void stop(0);
    });
  }
  try {
    const ended = await start(options, undo);
    const { name, code } = await ended;
    if (stopping !== undefined) return await stopping;
    process.stderr.write(`${name} ended unexpectedly (code ${code}); its log says why. Stopping.\n`);
    await stop(1);
  } catch (error) {
    // A stop in the middle of the start makes the rest of the start fail; that is no news.
    if (stopping !== undefined) return await stopping;
    await undo.run();
    throw error;
  }
}

async function start(options: UpOptions, undo: Undo) {
  const environment = readEnvironment();
  const home = resolve(environment.SYNCLINE_HOME);
  const hint = supabaseHint(process.env);
  if (hint !== undefined) say(hint);
  const keys = keysOf(process.env, home, environment.DATABASE_URL === undefined);
  const services = await startServices(home, environment, undo);
  const applied = await migrateDatabase(services.databaseUrl, environment.SYNCLINE_DATABASE_SCHEMA);
  if (applied.length > 0) say(`Schema brought up to date: ${applied.join(', ')}`);

  const common = childEnvironment(services, keys);
  const log = (name: string) => resolve(home, 'logs', `${name}.log`);
  const vendor = await startVendor(options, common, log('simulator'), undo);
  const withVendor = { ...common, ...vendor };
  const api = await startChild<{ url: string }>('API', script('apps/api/dist/bundle.js'), [], withVendor, log('api'));
  undo.add(() => api.stop());
  const workers = await Promise.all(
    Array.from({ length: options.workers }, (_, i) =>
      startChild(`worker ${i + 1}`, script('apps/worker/dist/bundle.js'), [], withVendor, log(`worker-${i + 1}`)),
    ),
  );
  undo.add(async () => void (await Promise.all(workers.map((worker) => worker.stop()))));
  say(`API and ${options.workers} worker${options.workers === 1 ? '' : 's'} are up`);

  await firstSync(new ApiClient(api.ready.url, keys.adminKey));
  const embedded = environment.DATABASE_URL === undefined;
  const scheduler = environment.ENABLE_SYNC_SCHEDULER;
  const schema = environment.SYNCLINE_DATABASE_SCHEMA;
  await printSummary({ ...services, schema, url: api.ready.url, adminKey: keys.adminKey, home, embedded, scheduler });
  return Promise.race([api.ended, ...workers.map((worker: Child<unknown>) => worker.ended)]);
}

type Services = { readonly databaseUrl: string; readonly redisUrl: string };

async function startServices(
  home: string,
  given: { readonly DATABASE_URL: string | undefined; readonly REDIS_URL: string | undefined },
  undo: Undo,
): Promise<Services> {
  let embedded: EmbeddedServices | undefined;
  if (given.DATABASE_URL === undefined || given.REDIS_URL === undefined) {
    embedded = await startEmbedded({
      home,
      postgres: given.DATABASE_URL === undefined,
      redis: given.REDIS_URL === undefined,
      onStep: say,
    });
    undo.add(embedded.stop);
  }
  const databaseUrl = given.DATABASE_URL ?? embedded?.databaseUrl;
  const redisUrl = given.REDIS_URL ?? embedded?.redisUrl;
  if (databaseUrl === undefined || redisUrl === undefined)
    throw new EnvironmentError('The embedded services did not start');
  say(embedded === undefined ? 'Using your Postgres and Redis' : 'Postgres and Redis are up');
  return { databaseUrl, redisUrl };
}

function childEnvironment(services: Services, keys: Keys): Record<string, string | undefined> {
  return {
    ...process.env,
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    SYNCLINE_ADMIN_KEY: keys.adminKey,
    SYNCLINE_ENCRYPTION_KEY: keys.encryptionKey,
  };
}

/** The simulator and the variables that lead to it; nothing where a vendor is configured. */
async function startVendor(
  options: UpOptions,
  env: Record<string, string | undefined>,
  logFile: string,
  undo: Undo,
): Promise<Record<string, string>> {
  if (process.env['PP_CLIENT_ID']) return {};
  const args = ['simulator', 'practicepanther', '--port', '0', '--contacts', String(options.contacts)];
  const simulator = await startChild<{ url: string; credentials: { clientId: string; clientSecret: string } }>(
    'PracticePanther simulator',
    script('apps/cli/dist/bundle.js'),
    args,
    env,
    logFile,
  );
  undo.add(() => simulator.stop());
  const { url, credentials } = simulator.ready;
  say(`No PP_CLIENT_ID is set: a simulated PracticePanther with ${options.contacts} contacts is at ${url}`);
  const allowed = [process.env['SYNCLINE_EGRESS_ALLOW'], new URL(url).host].filter(Boolean).join(',');
  return {
    PP_CLIENT_ID: credentials.clientId,
    PP_CLIENT_SECRET: credentials.clientSecret,
    PP_BASE_URL: url,
    SYNCLINE_EGRESS_ALLOW: allowed,
  };
}

/**
 * The first sync is a full one; later starts bring what is new, or go on with what was running. A sync that fails is
 * said, with what to do, and ends nothing: it can be mended and triggered again while all else is up.
 */
async function firstSync(api: ApiClient): Promise<void> {
  const syncType = (await api.hasHistory()) ? 'incremental' : 'full';
  const started = await api.trigger(syncType);
  if ('refusal' in started) return say(`No sync was started: ${started.refusal}`);
  say(`Sync job ${started.jobId} (${syncType})`);
  const view = progressView();
  let last: JobView | undefined;
  for await (const job of api.follow(started.jobId, 200)) {
    view.show(job);
    last = job;
  }
  view.end();
  say(`Sync ${last?.status}${last?.errorMessage ? `: ${last.errorMessage}` : ''}`);
  if (last?.errorCode) say(catalogue[last.errorCode].hint);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
