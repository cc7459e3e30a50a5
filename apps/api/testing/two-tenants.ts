import { noteMember } from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { addPastSync } from './past-sync.js';
import type { RunningApi } from './running-api.js';

/** An organization that has one of everything, and keys of each role. */
export interface Tenant {
  readonly organizationId: string;
  readonly slug: string;
  readonly externalId: string;
  readonly keys: Readonly<Record<'viewer' | 'operator' | 'admin', string>>;
  readonly connectionId: string;
  /** Whatever else an id in a path or a body may be one of. */
  readonly ids: readonly string[];
  /** Stands in every text of the tenant's that an answer could give away. */
  readonly mark: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asks with a key. An answer that goes on for ever is looked at by its status only. */
export async function ask(api: RunningApi, key: string, path: string, asked: Asked = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = asked;
  const given: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const ending = new AbortController();
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...given, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal: ending.signal,
  });
  const endless = response.headers.get('content-type')?.includes('event-stream') === true;
  const text = endless ? '' : await response.text();
  if (endless) ending.abort();
  return { status: response.status, headers: response.headers, text };
}

/** Makes a tenant by the API, as a platform does, and gives it a history. */
export async function makeTenant(bed: TestBed, api: RunningApi, name: string): Promise<Tenant> {
  const mark = `mark-of-${name}`;
  const asPlatform = async (path: string, body: object, organizationId?: string) => {
    const headers: Record<string, string> = organizationId === undefined ? {} : { 'x-organization-id': organizationId };
    const reply = await ask(api, bed.adminKey, path, { method: 'POST', body, headers });
    if (reply.status !== 201) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    return JSON.parse(reply.text);
  };
  const [slug, externalId] = [`${mark}-slug`, `org_${mark}`];
  const { id: organizationId } = await asPlatform('/api/v1/organizations', { slug, name: mark, externalId });
  const makeKey = (role: string) => asPlatform('/api/v1/api-keys', { name: `${mark}-${role}`, role }, organizationId);
  const [viewer, operator, admin] = [await makeKey('viewer'), await makeKey('operator'), await makeKey('admin')];
  const connection = await asPlatform(
    '/api/v1/connections',
    {
      ...{ connector: 'practicepanther', name: mark },
      credentials: { clientId: mark, clientSecret: `secret-${mark}` },
      // Nothing is there, and it is not waited for.
      settings: { baseUrl: 'http://127.0.0.1:1/api/v2/', maxRetries: 1, timeoutSeconds: 1 },
    },
    organizationId,
  );
  const owner = { organization_id: organizationId, connection_id: connection.id };
  const jobId = await addPastSync(bed.db, { id: connection.id, organization_id: organizationId }, past);
  const { id: itemId } = await bed.db
    .insertInto('sync_failed_items')
    .values({
      ...{ ...owner, sync_job_id: jobId, entity: 'contacts', kind: 'record', vendor_id: mark, status: 'dead' },
      ...{ error_code: 'RECORD_INVALID', message: mark, payload: JSON.stringify({ id: mark, display_name: mark }) },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { id: scheduleId } = await bed.db
    .selectFrom('sync_schedules')
    .select('id')
    .where('connection_id', '=', connection.id)
    .limit(1)
    .executeTakeFirstOrThrow();
  await sql`insert into sync_schedule_runs (schedule_id, due_at, organization_id, outcome, sync_job_id, detail)
    values (${scheduleId}, now(), ${organizationId}, 'started', ${jobId}, ${mark})`.execute(bed.db);
  const { id: verificationId } = await bed.db
    .insertInto('verifications')
    .values({ ...owner, trigger: 'manual', triggered_by: mark, status: 'done', error_message: mark })
    .returning('id')
    .executeTakeFirstOrThrow();
  const verified = { verification_id: verificationId, organization_id: organizationId, entity: 'accounts' };
  await bed.db
    .insertInto('verification_entities')
    .values({ ...verified, position: 0, status: 'done' })
    .execute();
  await bed.db
    .insertInto('verification_findings')
    .values({ ...verified, vendor_id: mark, kind: 'missing' })
    .execute();
  const person = { issuer: 'https://id.example.com', subject: mark, name: mark, email: null, role: 'viewer' } as const;
  await noteMember(bed.db, [organizationId], person);
  const { id: memberId } = await bed.db
    .selectFrom('members')
    .select('id')
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow();
  await sql`insert into accounts (organization_id, connection_id, pp_account_id, display_name, pp_data)
    values (${organizationId}, ${connection.id}, ${mark}, ${mark}, '{}')`.execute(bed.db);
  return {
    ...{ organizationId, slug, externalId, connectionId: connection.id, mark },
    keys: { viewer: viewer.key, operator: operator.key, admin: admin.key },
    ids: [connection.id, jobId, itemId, scheduleId, verificationId, viewer.id, memberId, organizationId],
  };
}

/** The tenant with an account at a vendor that some paths are about alone. Nothing is there, and it is not waited for. */
async function withConnection(bed: TestBed, api: RunningApi, tenant: Tenant, about: object): Promise<Tenant> {
  const body = { name: tenant.mark, ...about };
  const headers = { 'x-organization-id': tenant.organizationId };
  const reply = await ask(api, bed.adminKey, '/api/v1/connections', { method: 'POST', body, headers });
  if (reply.status !== 201) throw new Error(`no connection: ${reply.status} ${reply.text}`);
  return { ...tenant, ids: [...tenant.ids, JSON.parse(reply.text).id] };
}

export function withClinic(bed: TestBed, api: RunningApi, tenant: Tenant): Promise<Tenant> {
  return withConnection(bed, api, tenant, {
    connector: 'cliniko',
    credentials: { apiKey: `secret-${tenant.mark}-au4`, contactEmail: 'it@clinic.example' },
    settings: { baseUrl: 'http://127.0.0.1:1/v1/', maxRetries: 1, timeoutSeconds: 1 },
  });
}

/** With a sync in the history. */
export async function withBroker(bed: TestBed, api: RunningApi, tenant: Tenant): Promise<Tenant> {
  const broker = await withConnection(bed, api, tenant, {
    connector: 'irelandpay',
    credentials: { apiKey: `secret-${tenant.mark}` },
    settings: { baseUrl: 'http://127.0.0.1:1/api/v1/', maxRetries: 1, timeoutSeconds: 1 },
  });
  const connection = { id: broker.ids.at(-1) ?? '', organization_id: tenant.organizationId };
  return { ...broker, ids: [...broker.ids, await addPastSync(bed.db, connection, { ...past, status: 'succeeded' })] };
}

/** With a client in the table. */
export async function withAgency(bed: TestBed, api: RunningApi, tenant: Tenant): Promise<Tenant> {
  const agency = await withConnection(bed, api, tenant, {
    connector: 'notion',
    credentials: { apiKey: `secret-${tenant.mark}` },
    settings: {
      ...{ baseUrl: 'http://127.0.0.1:1/v1/', databaseId: tenant.organizationId },
      ...{ maxRetries: 1, timeoutSeconds: 1 },
    },
  });
  await sql`
    insert into clients (organization_id, connection_id, notion_page_id, name, slug, source_updated_at, notion_data)
    values (${tenant.organizationId}, ${agency.ids.at(-1)}, ${tenant.mark}, ${tenant.mark}, ${tenant.mark}, now(), '{}')
  `.execute(bed.db);
  return agency;
}

const past = { status: 'running', minutesAgo: 1, tookSeconds: null };
