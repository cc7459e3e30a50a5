import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { type RunningApi, runningApi } from './running-api.js';

const environment = {
  CLINIKO_API_KEY: 'S3CRET-of-a-clinic-au4',
  CLINIKO_CONTACT_EMAIL: 'it@clinic.example',
  CLINIKO_BASE_URL: 'http://127.0.0.1:1/v1/',
  SYNCLINE_EGRESS_ALLOW: '127.0.0.1:1',
  ENABLE_SYNC_SCHEDULER: 'true',
};

/** An API for a clinic whose account at Cliniko does not answer. No worker runs. */
export interface Clinic {
  readonly bed: TestBed;
  readonly api: RunningApi;
  readonly connection: { readonly id: string; readonly organization_id: string };
  readonly externalId: string;
  post(path: string, body?: object): ReturnType<RunningApi['send']>;
  get(path: string): ReturnType<RunningApi['get']>;
  close(): Promise<void>;
}

export async function openClinic(): Promise<Clinic> {
  const bed = await createTestBed();
  const api = await runningApi(bed, environment);
  const connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  const externalId = 'org_2xwHiNrj68eaRUlX10anlXGvzX7';
  await sql`update organizations set external_id = ${externalId} where id = ${connection.organization_id}`.execute(
    bed.db,
  );
  return {
    ...{ bed, api, connection, externalId },
    post: (path, body) => api.send('POST', `/api/v1${path}`, body),
    get: (path) => api.get(`/api/v1${path}`),
    close: async () => {
      await api.stop();
      await bed.close();
    },
  };
}
