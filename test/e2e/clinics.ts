import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/cliniko/simulator';
import { createTestBed, eventually, type ServiceProcess, type TestBed } from '@syncline/testing';
import { runningApi } from '../../apps/api/testing/running-api.js';

/** What a test reads of the answers of the sync management API. */
export interface Progress {
  readonly sync_id: string;
  readonly status: string;
  readonly progress_percentage: number;
  readonly records_processed: number;
  readonly errors: readonly {
    readonly error_type: string;
    readonly error_code: string;
    readonly entity: string | null;
  }[];
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  readonly body: any;
}

/** A clinic: an organization with a key of its own and a connection to its own simulated Cliniko. */
export interface Clinic {
  readonly slug: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly simulator: Simulator;
  /** Asks the API with the clinic's own key. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Starts a sync of everything and gives its id. */
  start(): Promise<string>;
  progress(syncId: string): Promise<Progress>;
  /** Waits for the end of a sync. */
  ended(syncId: string): Promise<Progress>;
}

/** How one clinic differs from the others. */
export interface ClinicOptions {
  readonly vendor?: SimulatorOptions;
  /** Instead of the simulator's own key. */
  readonly apiKey?: string;
}

/** Clinics of one software company: one API, and workers that they share. */
export interface Company {
  readonly bed: TestBed;
  readonly clinics: Readonly<Record<string, Clinic>>;
  startWorker(): Promise<ServiceProcess>;
  close(): Promise<void>;
}

/** Sets an organization, a key and a connection up for each of the clinics named, all by way of the API. */
export async function createCompany(named: Readonly<Record<string, ClinicOptions>>): Promise<Company> {
  const bed = await createTestBed();
  const simulators = await Promise.all(
    Object.values(named).map(({ vendor }) => startSimulator({ ...vendor, quirks: { quota: null, ...vendor?.quirks } })),
  );
  const environment = { SYNCLINE_EGRESS_ALLOW: simulators.map(({ url }) => new URL(url).host).join(',') };
  const api = await runningApi(bed, environment);
  const asker = (key: string, extra: Readonly<Record<string, string>> = {}) => askWith(api.url, key, extra);

  const clinics = await Promise.all(
    Object.entries(named).map(async ([slug, { apiKey }], i): Promise<[string, Clinic]> => {
      const simulator = simulators[i] as Simulator;
      const platform = asker(bed.adminKey);
      const organization = made(await platform('POST', '/api/v1/organizations', { slug, name: slug }));
      const forClinic = asker(bed.adminKey, { 'x-organization-id': slug });
      const { key } = made(await forClinic('POST', '/api/v1/api-keys', { name: 'the clinic', role: 'admin' }));
      const ask = asker(key);
      const credentials = { ...simulator.credentials, ...(apiKey !== undefined && { apiKey }) };
      const settings = { baseUrl: simulator.url, rateLimitPerMinute: 100_000 };
      const connection = made(
        await ask('POST', '/api/v1/connections', { connector: 'cliniko', name: 'clinic', credentials, settings }),
      );
      return [slug, clinicOf({ slug, organizationId: organization.id, connectionId: connection.id, simulator, ask })];
    }),
  );
  return {
    bed,
    clinics: Object.fromEntries(clinics),
    startWorker: () => bed.startWorker({ ...environment, SYNCLINE_WORKER_CONCURRENCY: '4' }),
    close: async () => {
      await api.stop();
      await bed.close();
      await Promise.all(simulators.map((simulator) => simulator.close()));
    },
  };
}

function clinicOf(clinic: Pick<Clinic, 'slug' | 'organizationId' | 'connectionId' | 'simulator' | 'ask'>): Clinic {
  const { ask, slug } = clinic;
  const progress: Clinic['progress'] = async (syncId) => {
    const { status, body } = await ask('GET', `/api/v1/sync/progress/${syncId}`);
    if (status !== 200) throw new Error(`progress of ${slug} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    ...clinic,
    progress,
    start: async () => {
      const { status, body } = await ask('POST', `/api/v1/sync/start/${slug}?sync_mode=comprehensive`);
      if (status !== 200) throw new Error(`start of ${slug} answered ${status}: ${JSON.stringify(body)}`);
      return body.sync_id;
    },
    ended: (syncId) =>
      eventually(
        `the sync of ${slug} to end`,
        async () => {
          const now = await progress(syncId);
          return !['starting', 'running'].includes(now.status) && now;
        },
        120_000,
        100,
      ),
  };
}

function askWith(url: string, key: string, extra: Readonly<Record<string, string>>): Clinic['ask'] {
  return async (method, path, body) => {
    const headers: Record<string, string> = { authorization: `Bearer ${key}`, ...extra };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(url + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
}

function made({ status, body }: Answer): Answer['body'] {
  if (status !== 201) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
