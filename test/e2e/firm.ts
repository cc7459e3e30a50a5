import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { createTestBed, eventually, type ServiceProcess, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { runningApi } from '../../apps/api/testing/running-api.js';

export interface EntityProgress {
  readonly entity: string;
  readonly status: string;
  readonly mode: string;
  readonly modeReason: string | null;
  readonly pages: number;
  readonly recordsRead: number;
  readonly recordsCreated: number;
  readonly recordsUpdated: number;
  readonly recordsUnchanged: number;
  readonly recordsFailed: number;
  readonly recordsDeleted: number;
  readonly errorCode: string | null;
  readonly waitingFor: string | null;
}

export interface Job {
  readonly id: string;
  readonly status: string;
  readonly errorCode: string | null;
  readonly holdup: { readonly reason: string; readonly entity: string | null; readonly until: string | null } | null;
  readonly entities: readonly EntityProgress[];
}

/**
 * A law firm at a simulated PracticePanther, and Syncline set up for it: workers in processes of their own. The API is
 * that of production as well, but answers from the test's process: a process for it would take most of the time of many a test.
 */
export interface Firm {
  readonly bed: TestBed;
  readonly simulator: Simulator;
  readonly api: { readonly url: string };
  startWorker(extra?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  /** One more API, as a process; requests go to the first, unless they name another's URL. */
  startApi(): Promise<ServiceProcess & { readonly url: string }>;
  request(
    method: string,
    path: string,
    body?: unknown,
    apiUrl?: string,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Starts a sync and gives its id. Fails unless the API accepts it. */
  trigger(syncType: string, extra?: Record<string, unknown>): Promise<string>;
  job(id: string): Promise<Job>;
  /** Starts a sync and waits for its end. */
  sync(syncType: string, extra?: Record<string, unknown>): Promise<Job>;
  /** Waits for the end of a job; two minutes unless told otherwise. */
  ended(id: string, timeoutMs?: number): Promise<Job>;
  close(): Promise<void>;
}

/** Each email is a request more, for its body: where they are not the subject there are few. */
const fewActivities: SimulatorOptions = { notes: 20, emails: 10, events: 20, timeentries: 20 };

/** A firm's sizes, and how many records its connection asks for at a time: a hundred unless said. */
export interface FirmOptions extends SimulatorOptions {
  readonly pageSize?: number;
}

export async function createFirm(
  { pageSize, ...options }: FirmOptions,
  extraEnv: Readonly<Record<string, string>> = {},
  given?: TestBed,
): Promise<Firm> {
  const bed = given ?? (await createTestBed());
  const simulator = await startSimulator({ ...fewActivities, ...options });
  const environment = {
    SYNCLINE_EGRESS_ALLOW: new URL(simulator.url).host,
    PP_CLIENT_ID: simulator.credentials.clientId,
    PP_CLIENT_SECRET: simulator.credentials.clientSecret,
    PP_REFRESH_TOKEN: simulator.credentials.refreshToken,
    PP_BASE_URL: simulator.url,
    PP_RATE_LIMIT_REQUESTS: '1000000',
    ...extraEnv,
  };
  const api = await runningApi(bed, environment);
  if (pageSize !== undefined) await setSettings(bed, { pageSize });

  const request: Firm['request'] = async (method, path, body, apiUrl = api.url) => {
    const headers: Record<string, string> = { authorization: `Bearer ${bed.adminKey}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
    const response = await fetch(`${apiUrl}${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const job = async (id: string) => (await request('GET', `/api/v1/sync/jobs/${id}`)).body as unknown as Job;
  const trigger: Firm['trigger'] = async (syncType, extra = {}) => {
    const { status, body } = await request('POST', '/api/sync/trigger', { syncType, ...extra });
    if (status !== 202) throw new Error(`trigger answered ${status}: ${JSON.stringify(body)}`);
    return String(body['jobId']);
  };
  const ended: Firm['ended'] = (id, timeoutMs = 120_000) =>
    eventually(
      `job ${id} to end`,
      async () => {
        // A statement is asked often at a tenth of what a request takes; what is told at the end, the API tells.
        if (live.has((await statusOf(bed, id)) ?? '')) return false;
        const current = await job(id);
        return !live.has(current.status) && current;
      },
      timeoutMs,
      100,
    );
  return {
    bed,
    simulator,
    api,
    startWorker: (extra = {}) => bed.startWorker({ ...environment, ...extra }),
    startApi: () => bed.startApi(environment),
    request,
    trigger,
    job,
    ended,
    sync: async (syncType, extra) => ended(await trigger(syncType, extra)),
    close: async () => {
      await api.stop();
      await bed.close();
      await simulator.close();
    },
  };
}

const live: ReadonlySet<string> = new Set(['queued', 'running']);

/** Undefined when Postgres cannot be asked: some tests take it away. */
async function statusOf({ db }: TestBed, id: string): Promise<string | undefined> {
  const asked = db.selectFrom('sync_jobs').select('status').where('id', '=', id).executeTakeFirst();
  return (await asked.catch(() => undefined))?.status;
}

/** Changes settings of the firm's connection, beside those that it has. */
export async function setSettings({ db }: TestBed, settings: object): Promise<void> {
  await sql`update connections set settings = settings || ${JSON.stringify(settings)}::jsonb`.execute(db);
}

/** One entity's part of a job. */
export function entityOf(job: Job, entity: string): EntityProgress {
  const found = job.entities.find((candidate) => candidate.entity === entity);
  if (found === undefined) throw new Error(`the job has no ${entity}`);
  return found;
}
