import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Operation, readOperations } from '../../testing/operations.js';
import { oneConnection, type RunningApi, runningApi } from '../../testing/running-api.js';
import {
  type Asked,
  ask,
  makeTenant,
  type Tenant,
  withAgency,
  withBroker,
  withClinic,
} from '../../testing/two-tenants.js';
import { type Access, reaches } from './role.js';

const isIdName = /(^|_|[a-z])(id|ids|Id|Ids)$/;
/** Past a limit, everything would be refused for another reason. */
const unlimited = { SYNCLINE_API_RATE_LIMIT_PER_MINUTE: '1000000', SYNCLINE_METRICS_TOKEN: 'token-of-prometheus' };

let bed: TestBed;
let api: RunningApi;
let operations: Operation[];
let ours: Tenant;
let theirs: Tenant;

beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, { ...oneConnection, ...unlimited });
  operations = await readOperations(api);
  ours = await withClinic(bed, api, await makeTenant(bed, api, 'ours'));
  // One of the two only: a sync of clients is waited for, and no worker runs.
  theirs = await withClinic(bed, api, await makeTenant(bed, api, 'theirs'));
  theirs = await withBroker(bed, api, await withAgency(bed, api, theirs));
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

/** Where the example of the documentation is about another record than the tenant's, or there is none. */
const bodies: Readonly<Record<string, (tenant: Tenant) => Readonly<Record<string, unknown>>>> = {
  postSyncTrigger: () => ({ syncType: 'contacts' }),
  postClientsSync: () => ({ wait: 0 }),
  postFailedItemResolve: () => ({ note: 'fine' }),
  patchFailedItem: ({ mark }) => ({ payload: { id: mark } }),
};

interface Request extends Asked {
  readonly path: string;
  readonly names: 'in the path' | 'in the query' | 'in the body' | 'nowhere';
}

/** The requests of an operation with every id that a tenant has, wherever the operation takes an id. */
function requestsWith(operation: Operation, tenant: Tenant): Request[] {
  const { method, path, requiredQuery, queryNames, bodyNames } = operation;
  const body = bodies[operation.id]?.(tenant) ?? operation.body;
  // The name of a connector is nobody's secret.
  const named = path.replace('{connector}', 'notion');
  const parameters = [...named.matchAll(/\{(\w+)\}/g)];
  const at = (id: string) => named.replace(/\{\w+\}/g, id);
  const query = (more: Record<string, string>) => {
    const text = new URLSearchParams({ ...requiredQuery, ...more }).toString();
    return text === '' ? '' : `?${text}`;
  };
  const send = { method, ...(body === undefined ? {} : { body }) };
  if (parameters.length > 0) {
    const names = path.includes('organization') ? [tenant.slug, tenant.externalId] : [];
    return [...tenant.ids, ...names].map((id) => ({ ...send, path: `${at(id)}${query({})}`, names: 'in the path' }));
  }
  const inQuery = queryNames.filter((name) => isIdName.test(name));
  const inBody = bodyNames.filter((name) => isIdName.test(name));
  return [
    { ...send, path: `${named}${query({})}`, names: 'nowhere' },
    ...inQuery.flatMap((name) =>
      tenant.ids.map((id): Request => ({ ...send, path: `${named}${query({ [name]: id })}`, names: 'in the query' })),
    ),
    ...inBody.flatMap((name) =>
      tenant.ids.map((id): Request => {
        const given = name.endsWith('s') ? [id] : id;
        return { ...send, path: `${named}${query({})}`, body: { ...body, [name]: given }, names: 'in the body' };
      }),
    ),
  ];
}

/** A body that says whose the thing is, which is nobody's to say. */
function withForeignOwner(operation: Operation, { organizationId }: Tenant): Request[] {
  const [request] = requestsWith(operation, ours);
  if (request?.body === undefined) return [];
  const body = { ...request.body, organizationId, organization_id: organizationId };
  return [{ ...request, body, names: 'in the body' }];
}

/** Everything that an organization has, in one number. */
async function fingerprint({ organizationId }: Tenant): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name::text as name from information_schema.columns
    where table_schema = current_schema() and column_name = 'organization_id'
    union select 'organizations' order by 1`.execute(bed.db);
  const prints: Record<string, string> = {};
  for (const { name } of tables) {
    const column = sql.ref(name === 'organizations' ? 'id' : 'organization_id');
    // When a key was used last is the only thing that its owner's own requests change here.
    const { rows } = await sql<{ print: string }>`
      select count(*) || ' ' || md5(coalesce(string_agg((to_jsonb(t) - 'last_used_at')::text, ',' order by t::text), ''))
        as print from ${sql.table(name)} t where ${column} = ${organizationId}::uuid`.execute(bed.db);
    prints[name] = rows[0]?.print ?? '';
  }
  return prints;
}

describe('an admin of one organization', () => {
  it('reaches nothing of another one, by any route, with any of its ids, anywhere', async () => {
    const before = await fingerprint(theirs);
    const tried = { 'in the path': 0, 'in the query': 0, 'in the body': 0, nowhere: 0 };
    for (const operation of operations) {
      const requests = [...requestsWith(operation, theirs), ...withForeignOwner(operation, theirs)];
      const replies = requests.map(async ({ path, names, ...asked }) => ({
        ...{ path, names, asked },
        ...(await ask(api, ours.keys.admin, path, asked)),
      }));
      for (const { path, names, asked, status, text } of await Promise.all(replies)) {
        const what = `${operation.id} ${path} ${names}`;
        const secrets = [theirs.mark, ...theirs.ids].filter(
          (secret) => !path.includes(secret) && !isAsked(asked, secret),
        );
        for (const secret of secrets) expect(text, what).not.toContain(secret);
        const refusal = operation.access === 'platform' ? 403 : operation.access === 'public' ? 400 : 404;
        if (names === 'in the path') expect([what, status]).toEqual([what, refusal]);
        expect(status, what).not.toBe(500);
        tried[names] += 1;
      }
    }
    expect(await fingerprint(theirs)).toEqual(before);
    expect(Math.min(...Object.values(tried))).toBeGreaterThan(0);
  });

  it('is answered 404 for every route with another one in X-Organization-ID, in whichever of its names', async () => {
    const before = await fingerprint(theirs);
    const strangers = [theirs.organizationId, theirs.slug, theirs.externalId, 'nobody', '', "'--", 'x'.repeat(5_000)];
    const bodies = new Set<string>();
    for (const operation of operations.filter(({ access }) => !closed.has(access))) {
      const [request] = requestsWith(operation, theirs);
      if (request === undefined) throw new Error('an operation has one request at least');
      const { path, ...asked } = request;
      // All names at one route, the id at every one.
      for (const name of bodies.size === 0 ? strangers : strangers.slice(0, 1)) {
        const { status, text } = await ask(api, ours.keys.admin, path, {
          ...asked,
          headers: { 'x-organization-id': name },
        });
        expect([operation.id, name, status]).toEqual([operation.id, name, 404]);
        bodies.add(text.replace(/"(requestId|timestamp)":"[^"]*"/, ''));
      }
    }
    // Whether it exists, and what was asked, make no difference; but there are two shapes of errors.
    expect([...bodies]).toHaveLength(2);
    expect(await fingerprint(theirs)).toEqual(before);
  });
});

/** What is for no key of an organization. */
const closed: ReadonlySet<Access> = new Set<Access>(['public', 'platform', 'metrics']);

describe('a role', () => {
  it('opens the routes that ask for it or for less, and no other', async () => {
    const refused = new Map<string, string[]>();
    for (const role of ['viewer', 'operator', 'admin'] as const) {
      for (const { id, method, path, access } of operations.filter((operation) => operation.access !== 'public')) {
        // An id that nobody has and no body: past the door it is refused for another reason, or changes nothing.
        const at = path.replace('{connector}', 'notion').replace(/\{\w+\}/g, '00000000-0000-4000-8000-00000000000f');
        const { status } = await ask(api, ours.keys[role], at, { method });
        const isIn = status !== 401 && status !== 403;
        expect([role, id, isIn]).toEqual([role, id, reaches(role, access)]);
        if (!isIn) refused.set(role, [...(refused.get(role) ?? []), id]);
      }
    }
    expect(refused.get('admin')?.every((id) => id.includes('Organization') || id === 'getMetrics')).toBe(true);
    expect(refused.get('viewer')).toEqual(expect.arrayContaining(['postSyncTrigger', 'postConnection', 'postApiKey']));
  });

  it('does not open what shows all organizations', async () => {
    for (const path of ['/admin/queues', '/admin/queues/api/queues', '/api/v1/organizations']) {
      const { status } = await ask(api, ours.keys.admin, path);
      expect([path, status]).toEqual([path, 403]);
    }
    for (const path of ['/docs', '/openapi.json', '/docs/errors']) {
      expect([path, (await ask(api, ours.keys.viewer, path)).status]).toEqual([path, 200]);
    }
  });
});

/** The proof that the walks above met the routes they meant: what was refused to others works for the owner. */
describe('the owner', () => {
  it('is served by every route that was refused to the other', async () => {
    // What belongs to a connection goes before the connection.
    const isDelete = ({ id, method }: Operation) => Number(method === 'DELETE') + Number(id === 'deleteConnection');
    const served = new Set<string>();
    const all = operations.filter(({ access }) => !closed.has(access)).sort((a, b) => isDelete(a) - isDelete(b));
    const answers: Record<string, number[]> = {};
    for (const operation of all) {
      for (const { path, ...asked } of requestsWith(operation, theirs)) {
        const { status } = await ask(api, theirs.keys.admin, path, asked);
        answers[operation.id] = [...(answers[operation.id] ?? []), status];
        // A conflict and a vendor that is away come after the id was found. One id that is found is the proof.
        if (status < 300 || status === 409 || status >= 502) {
          served.add(operation.id);
          break;
        }
      }
    }
    const never = all.map(({ id }) => id).filter((id) => !served.has(id));
    expect(never.map((id) => [id, answers[id]])).toEqual([]);
  });
});

function isAsked({ body }: Asked, text: string): boolean {
  return JSON.stringify(body ?? null).includes(text);
}
