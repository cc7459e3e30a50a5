import { ensureOrganization, insertApiKey } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awayContext, withKey } from '../../testing/away-context.js';
import type { App } from '../api-context.js';
import { createServer } from '../create-server.js';
import { makeApiKey } from './api-key-text.js';
import { reaches } from './role.js';

const away = awayContext();
let bed: TestBed;
let app: App;
beforeAll(async () => {
  bed = await createTestBed();
  app = await createServer({ ...away, db: bed.db });
});
afterAll(async () => {
  await app.close();
  await away.close();
  await bed.close();
});

test('each role may what those below it may', () => {
  const roles = ['viewer', 'operator', 'admin', 'platform'] as const;
  for (const [have, role] of roles.entries()) {
    expect(roles.map((needed) => reaches(role, needed))).toEqual(roles.map((_, needed) => have >= needed));
  }
});

test('a route that declares nothing is for the platform, and for no key', async () => {
  app.get('/test/forgotten', async (request) => ({ role: request.caller?.role }));
  const organizationId = await ensureOrganization(bed.db, 'clinic', 'Clinic');
  const { text, prefix, secretHash } = makeApiKey();
  const key = {
    organizationId,
    name: 'key',
    role: 'admin',
    prefix,
    secretHash,
    createdBy: 'test',
    expiresAt: null,
  } as const;
  await insertApiKey(bed.db, key);
  const ask = (authorization: string, url: string) => app.inject({ url, headers: { authorization } });
  expect((await ask(`Bearer ${text}`, '/openapi.json')).statusCode).toBe(200);
  expect((await ask(`Bearer ${text}`, '/test/forgotten')).statusCode).toBe(403);
  expect((await ask(withKey.authorization, '/test/forgotten')).json()).toEqual({ role: 'platform' });
  expect((await app.inject('/test/forgotten')).statusCode).toBe(401);
});
