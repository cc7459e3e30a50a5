import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EnvironmentError, supabaseHint } from '@syncline/config';
import { catalogue } from '@syncline/connector-kit';
import { type EmbeddedServices, startEmbedded } from '@syncline/embedded';
import { redisTlsOf } from '@syncline/service';
import { environmentToHandOn, readEnvironment } from '../environment.js';
import { migrateDatabase } from '../migrate.js';
import { egressFile, urlFile } from '../sync/api-address.js';
import { ApiClient, type JobView } from './api-client.js';
import { type Child, script, startChild } from './child.js';
import { startDemoVendors } from './demo-vendors.js';
import { type FirstSync, startFirstSyncs } from './first-syncs.js';
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
 * `npm start`: services, migrations, the vendors (simulated, unless one is configured), API, workers, first syncs with
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
    const { name, how } = await ended;
    if (stopping !== undefined) return await stopping;
    process.stderr.write(`${name} ended unexpectedly, ${how}. Stopping; the next start goes on where it was.\n`);
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
  const given = environmentToHandOn();
  const hint = supabaseHint(given);
  if (hint !== undefined) say(hint);
  const keys = keysOf(given, home, environment.DATABASE_URL === undefined);
  const services = await startServices(home, environment, undo);
  const applied = await migrateDatabase(services.databaseUrl, environment.SYNCLINE_DATABASE_SCHEMA);
  if (applied.length > 0) say(`Schema brought up to date: ${inShort(applied)}`);

  const embedded = environment.DATABASE_URL === undefined;
  const common = childEnvironment(given, services, keys, localSignInOf(given, embedded));
  const log = (name: string) => resolve(home, 'logs', `${name}.log`);
  const demo = await startDemoVendors({
    ...{ contacts: options.contacts, env: common, logFile: log, say },
    onStart: (simulator) => undo.add(() => simulator.stop()),
  });
  const withVendor = { ...common, ...demo.variables };
  const api = await startChild<{ url: string }>('API', script('apps/api/dist/bundle.js'), [], withVendor, log('api'));
  undo.add(() => api.stop());
  await demo.notion?.sendWebhooks(api.ready.url);
  await demo.irelandPay?.subscribe(api.ready.url, keys.adminKey, ({ fromEnvironment }) => fromEnvironment);
  // For `syncline sync` in another terminal.
  writeFileSync(urlFile(home), `${api.ready.url}\n`);
  // For `syncline doctor`: simulators are no public hosts.
  writeFileSync(egressFile(home), withVendor.SYNCLINE_EGRESS_ALLOW ?? '');
  undo.add(async () => {
    for (const file of [urlFile(home), egressFile(home)]) rmSync(file, { force: true });
  });
  const workers = await Promise.all(
    Array.from({ length: options.workers }, (_, i) =>
      startChild(
        `worker ${i + 1}`,
        script('apps/worker/dist/bundle.js'),
        [],
        { ...withVendor, ...statusPort(environment.SYNCLINE_WORKER_PORT, i) },
        log(`worker-${i + 1}`),
      ),
    ),
  );
  undo.add(async () => void (await Promise.all(workers.map((worker) => worker.stop()))));
  say(`API and ${options.workers} worker${options.workers === 1 ? '' : 's'} are up`);

  const schema = environment.SYNCLINE_DATABASE_SCHEMA;
  const started = await startFirstSyncs({
    ...{ ...services, schema, redisTls: redisTlsOf(environment) },
    redisPrefix: environment.SYNCLINE_REDIS_PREFIX,
  });
  await firstSyncs(new ApiClient(api.ready.url, keys.adminKey), started);
  const scheduler = environment.ENABLE_SYNC_SCHEDULER;
  const connected = started.map(({ connector }) => connector);
  const { url } = api.ready;
  const { adminKey } = keys;
  const client = await demo.notion?.someClient();
  const dashboard = await dashboardAt(url);
  await printSummary({ ...services, schema, url, adminKey, home, embedded, scheduler, connected, client, dashboard });
  return Promise.race([api.ended, ...workers.map((worker: Child<unknown>) => worker.ended)]);
}

/**
 * Whether the browser of whoever runs this is signed in without a key: what a start brings along by itself is that
 * person's own, as its keys in a folder here are. With a database of the user's it may be others' as well.
 */
function localSignInOf(given: Readonly<Record<string, string | undefined>>, embedded: boolean): string {
  return embedded ? given['SYNCLINE_LOCAL_SIGN_IN'] || 'true' : 'false';
}

/** A port for each worker's status server, from the one that was set: they are all on this machine. */
function statusPort(first: number | undefined, worker: number): Record<string, string> {
  return first ? { SYNCLINE_WORKER_PORT: String(first + worker) } : {};
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

function childEnvironment(
  given: Readonly<Record<string, string | undefined>>,
  services: Services,
  keys: Keys,
  localSignIn: string,
): Record<string, string | undefined> {
  return {
    ...given,
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    SYNCLINE_ADMIN_KEY: keys.adminKey,
    SYNCLINE_ENCRYPTION_KEY: keys.encryptionKey,
    SYNCLINE_LOCAL_SIGN_IN: localSignIn,
  };
}

/**
 * The first sync of a connection is a full one, or a quick one with a history in the background; later starts bring what
 * is new, or go on with what was running. All of them run at once, and are shown one after the other. A sync
 * that fails is said, with what to do, and ends nothing: it can be mended and triggered again while all else is up.
 */
async function firstSyncs(api: ApiClient, started: readonly FirstSync[]): Promise<void> {
  for (const sync of started) {
    if ('refusal' in sync) {
      say(`No sync of ${sync.vendor} was started: ${sync.refusal}`);
      continue;
    }
    say(`${sync.vendor}: sync job ${sync.jobId} (${sync.syncType})`);
    const view = progressView();
    let last: JobView | undefined;
    for await (const job of api.follow(sync.jobId, 200)) {
      view.show(job);
      last = job;
    }
    view.end();
    say(`Sync ${last?.status}${last?.errorMessage ? `: ${last.errorMessage}` : ''}`);
    if (last?.errorCode) say(catalogue[last.errorCode].hint);
  }
}

/** Where the API serves the dashboard; undefined where that was not built. */
async function dashboardAt(url: string): Promise<string | undefined> {
  const address = `${url}/app/`;
  const { ok, body } = await fetch(address);
  await body?.cancel();
  return ok ? address : undefined;
}

/** A new database gets all migrations there are: more than anybody wants to read. */
function inShort(migrations: readonly string[]): string {
  if (migrations.length <= 3) return migrations.join(', ');
  return `${migrations.length} migrations, ${migrations[0]} to ${migrations.at(-1)}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
