import cookie from '@fastify/cookie';
import {
  blockMember,
  createJob,
  createVault,
  ensureConnection,
  ensureOrganization,
  insertApiKey,
  noteMember,
  revokeApiKey,
} from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awayContext } from '../../../../testing/away-context.js';
import { openEvents } from '../../../../testing/event-client.js';
import {
  audience,
  type IdentityProvider,
  issuer,
  startIdentityProvider,
} from '../../../../testing/identity-provider.js';
import { makeApiKey } from '../../../access/api-key-text.js';
import { authenticator } from '../../../access/authenticate.js';
import { createFailureThrottle } from '../../../access/failure-throttle.js';
import { requireAccess } from '../../../access/require-access.js';
import { createSessions, sessionCookie } from '../../../access/session.js';
import { createTokenCheck } from '../../../access/token-check.js';
import type { App } from '../../../api-context.js';
import { bareServer } from '../../../bare-server.js';
import { openLiveProgress } from '../../../live/live-progress.js';
import { syncManagementRoutes } from '../sync-management-routes.js';

/** What an answer may take here, in milliseconds; and how long a stream may be open. */
const [answer, longest] = [250, 4_000];

let bed: TestBed;
let away: ReturnType<typeof awayContext>;
let app: App;
let jobId: string;
let url: string;
let key: string;
let session: string;
let revoke: () => Promise<unknown>;
let provider: IdentityProvider;
let token: string;
let tokenSession: string;
let block: () => Promise<unknown>;

beforeAll(async () => {
  [bed, provider] = await Promise.all([createTestBed(), startIdentityProvider()]);
  away = awayContext();
  const organizationId = await ensureOrganization(bed.db, 'clinic', 'A clinic');
  const vault = createVault([bed.encryptionKey]);
  const given = { organizationId, connector: 'shop', name: 'c', settings: {}, credentials: {} };
  const connection = await ensureConnection(bed.db, vault, given);
  const run = { mode: 'full', modeReason: null, lowerBound: null, upperBound: null, cursor: null } as const;
  const runs = [{ ...run, entity: 'customers', recordsExpected: null }];
  const job = { syncType: 'full', mode: 'full', trigger: 'manual', triggeredBy: null, runs } as const;
  jobId = await createJob(bed.db, connection, job);

  app = bareServer(away, answer);
  app.decorateRequest('caller', undefined);
  await app.register(cookie);
  const { text, ...made } = makeApiKey();
  key = text;
  const named = { organizationId, name: 'follower', role: 'viewer', createdBy: 'test', expiresAt: null } as const;
  const { id } = await insertApiKey(bed.db, { ...named, ...made });
  revoke = () => revokeApiKey(bed.db, organizationId, id, 'test');
  const sessions = createSessions(bed.adminKey);
  session = `${sessionCookie}=${sessions.issue({ apiKeyId: id }, new Date()).token}`;
  await sql`update organizations set external_id = 'org_clinic'`.execute(bed.db);
  const person = { issuer, subject: 'ann', role: 'viewer' } as const;
  await noteMember(bed.db, [organizationId], { ...person, name: null, email: null });
  const member = await bed.db.selectFrom('members').select('id').executeTakeFirstOrThrow();
  block = () => blockMember(bed.db, { organizationId, id: member.id }, 'gone', { actor: 'test' });
  token = await provider.sign({ sub: 'ann', org_id: 'org_clinic', role: 'viewer' });
  const holder = { member: { ...person, externalIds: ['org_clinic'] } };
  tokenSession = `${sessionCookie}=${sessions.issue(holder, new Date()).token}`;
  const claims = { organizationClaim: 'org_id', roleClaim: 'role', roles: new Map() };
  const tokens = createTokenCheck({ jwksUrl: provider.jwksUrl, issuer, audience, ...claims });
  const gate = { db: bed.db, log: away.log, adminKey: bed.adminKey, tokens };
  const door = {
    ...{ db: bed.db, defaultOrganizationId: organizationId, throttle: createFailureThrottle() },
    authenticate: authenticator({ ...gate, sessions }),
    limit: async () => undefined,
    noteComing: () => undefined,
  };
  app.addHook('onRequest', requireAccess(door));
  const live = openLiveProgress(away.log, { everyMs: 20, heartbeatMs: 50, longestMs: longest });
  await app.register(async (scope: App) => syncManagementRoutes(scope, { ...away, db: bed.db }, live));
  app.get('/test/slow', { config: { access: 'public' } }, () => new Promise(() => undefined));
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  await away.close();
  await Promise.all([bed.close(), provider.close()]);
});

const follow = (headers: Record<string, string> = { authorization: `Bearer ${key}` }) =>
  openEvents(`${url}/api/v1/sync/progress/${jobId}/stream`, headers);

it('a stream is not cut when other answers are, is never silent, and ends by itself after its time', async () => {
  const client = await follow();
  // It hangs, and is cut: the time of answers has passed, twice.
  for (let i = 0; i < 2; i += 1) expect((await fetch(`${url}/test/slow`)).status).toBe(503);
  await sql`update sync_progress set records_read = 5, records_created = 5 where sync_job_id = ${jobId}`.execute(
    bed.db,
  );
  await client.until('a change', ({ records_processed }) => records_processed === 5);
  await eventually('a sign of life', () => client.text().includes(': alive'));
  await client.ended;
  expect(client.events().at(-1)?.data.status).toBe('starting');
});

it('a stream ends when its key is revoked, by the key as by a session of it, long before its time', async () => {
  const clients = [await follow(), await follow({ cookie: session })];
  for (const client of clients) await eventually('a sign of life', () => client.text().includes(': alive'));
  const before = performance.now();
  await revoke();
  for (const client of clients) await client.ended;
  expect(performance.now() - before).toBeLessThan(longest - 1_000);
  for (const headers of [undefined, { cookie: session }]) expect((await follow(headers)).status).toBe(401);
});

it('and when whoever a token was made for is shut out, by the token as by a session of it', async () => {
  const given: Record<string, string>[] = [{ authorization: `Bearer ${token}` }, { cookie: tokenSession }];
  const clients = await Promise.all(given.map((headers) => follow(headers)));
  for (const client of clients) await eventually('a sign of life', () => client.text().includes(': alive'));
  const before = performance.now();
  await block();
  for (const client of clients) await client.ended;
  expect(performance.now() - before).toBeLessThan(longest - 1_000);
  for (const headers of given) expect((await follow(headers)).status).toBe(403);
});
