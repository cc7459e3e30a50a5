import type { VendorClient, VendorResponse } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { practicePanther } from './connector.js';

const answer = (status: number, body = ''): VendorResponse => ({
  status,
  body,
  headers: {},
  vendorTime: undefined,
  elapsedMs: 1,
});
const client = (answers: Record<string, unknown>): VendorClient => ({
  post: () => Promise.reject(new Error('nothing is posted to this vendor')),
  get: async (url) => ({ json: answers[url], lossless: false, vendorTime: undefined }),
});

describe('the settings', () => {
  it("default to the vendor's and the guide's values", () => {
    expect(practicePanther.settings.parse({})).toEqual({
      baseUrl: 'https://app.practicepanther.com/api/v2/',
      pageSize: 100,
      maxPages: 0,
      overlapSeconds: 900,
      lookBackDays: 7,
      rateLimitRequests: 300,
      rateLimitWindowSeconds: 300,
      maxRetries: 3,
      backoffBaseMs: 1_000,
      timeoutSeconds: 120,
      circuitMaxFailures: 5,
      circuitResetSeconds: 60,
      sweepMaxShare: 0.05,
      sweepMaxRows: 10,
      maxOpenFailedItems: 10_000,
      emailBodies: 'changed',
    });
  });

  it.each([
    { pageSize: 1 },
    { pageSize: 1001 },
    { maxPages: -1 },
    { overlapSeconds: 1.5 },
    { lookBackDays: 0 },
    { sweepMaxShare: 1.01 },
    { sweepMaxRows: -1 },
    { baseUrl: 'x' },
    { maxRetries: 0 },
    { backoffBaseMs: 0 },
    { timeoutSeconds: 601 },
    { circuitMaxFailures: 0 },
    { circuitResetSeconds: 1.5 },
    { emailBodies: 'sometimes' },
    { exchangeValueField: ' ' },
  ])('refuse %j', (wrong) => expect(practicePanther.settings.safeParse(wrong).success).toBe(false));

  it('make the budget, which belongs to the client, and not to whoever knows its id', () => {
    const settings = practicePanther.settings.parse({ rateLimitRequests: 10, rateLimitWindowSeconds: 20 } as never);
    expect(practicePanther.budget(settings)).toEqual([{ requests: 10, seconds: 20 }]);
    const one = practicePanther.budgetIdentity({ clientId: 'c', clientSecret: 's', refreshToken: 'a' });
    expect(practicePanther.budgetIdentity({ clientId: 'c', clientSecret: 's', refreshToken: 'b' })).toBe(one);
    for (const other of [
      { clientId: 'd', clientSecret: 's' },
      { clientId: 'c', clientSecret: 'guessed' },
    ]) {
      expect(practicePanther.budgetIdentity(other)).not.toBe(one);
    }
  });
});

describe('the environment', () => {
  const connection = (values: Record<string, unknown>) => practicePanther.environment?.connection(values);

  it('describes a connection once there is a client id', () => {
    expect(connection({})).toBeUndefined();
    const given = { PP_CLIENT_ID: 'c', PP_CLIENT_SECRET: 's', PP_BASE_URL: 'http://127.0.0.1:4701/' };
    expect(connection(given)?.credentials).toEqual({ clientId: 'c', clientSecret: 's' });
    expect(connection({ ...given, PP_REFRESH_TOKEN: 'r' })?.credentials).toMatchObject({ refreshToken: 'r' });
  });

  it('sets how its requests deal with failures', () => {
    const variables = {
      PP_MAX_RETRIES: '4',
      PP_BACKOFF_BASE_MS: '500',
      PP_TIMEOUT_SECONDS: '30',
      PP_CIRCUIT_MAX_FAILURES: '7',
      PP_CIRCUIT_RESET_SECONDS: '90',
    };
    const values = Object.fromEntries(
      Object.entries(practicePanther.environment?.variables ?? {}).map(([name, { schema }]) => [
        name,
        schema.parse(variables[name as keyof typeof variables]),
      ]),
    );
    const made = connection({ ...values, PP_CLIENT_ID: 'c', PP_CLIENT_SECRET: 's' });
    expect(practicePanther.settings.parse(made?.settings)).toMatchObject({
      maxRetries: 4,
      backoffBaseMs: 500,
      timeoutSeconds: 30,
      circuitMaxFailures: 7,
      circuitResetSeconds: 90,
    });
  });

  it('speaks of a setting only where a variable does: one that was set otherwise stays', () => {
    const given = { PP_CLIENT_ID: 'c', PP_CLIENT_SECRET: 's' };
    const settings = (more: Record<string, unknown>) => Object.keys(connection({ ...given, ...more })?.settings ?? {});
    expect(settings({})).not.toContain('exchangeValueField');
    expect(settings({})).not.toContain('emailBodies');
    const chosen = { PP_EXCHANGE_VALUE_FIELD: 'Purchase price', PP_EMAIL_BODIES: 'never' };
    expect(connection({ ...given, ...chosen })?.settings).toMatchObject({
      exchangeValueField: 'Purchase price',
      emailBodies: 'never',
    });
  });

  it('says which variable is missing', () => {
    expect(() => connection({ PP_CLIENT_ID: 'c' })).toThrow(
      new RangeError('PP_CLIENT_SECRET has to be set with PP_CLIENT_ID'),
    );
  });
});

describe('an answer', () => {
  it.each([
    [401, '', true],
    [400, '{"error":"invalid_grant"}', true],
    [400, '{"Message":"bad request"}', false],
    [403, '{"error":"invalid_grant"}', false],
    [200, '"invalid_grant"', false],
  ])('%i %s is the refusal of a token: %s', (status, body, refused) => {
    expect(practicePanther.auth.isRejected(answer(status, body))).toBe(refused);
  });

  it('that objects to the time of an incremental sync is told apart', () => {
    const asked = { method: 'GET', url: 'matters', query: { updated_since: '2025-06-01T00:00:00Z' } } as const;
    const objection = answer(400, '{"Message":"The date is out of range"}');
    expect(practicePanther.classify?.(asked, objection)).toBe('UPSTREAM_BAD_WATERMARK');
    expect(practicePanther.classify?.({ ...asked, query: {} }, objection)).toBeUndefined();
    expect(practicePanther.classify?.(asked, answer(400, '{"Message":"no"}'))).toBeUndefined();
    expect(practicePanther.classify?.(asked, answer(404, 'date'))).toBeUndefined();
  });
});

describe('the probe', () => {
  it('tells who we are and shows a contact', async () => {
    const me = { display_name: 'Ann Attorney', email: 'ann@firm.example' };
    const contacts = [{ id: 'c1', display_name: 'Maria Quinn', phone_mobile: '(207) 555-0101' }];
    expect(await practicePanther.probe(client({ 'users/me': me, contacts }))).toEqual({
      user: { name: 'Ann Attorney', email: 'ann@firm.example' },
      sampleContact: { id: 'c1', name: 'Maria Quinn' },
    });
  });

  it.each([[[]], [null], [{}], [[null]]])('makes do with an empty firm and with odd answers: %j', async (contacts) => {
    const { user, sampleContact } = await practicePanther.probe(client({ 'users/me': null, contacts }));
    expect(user).toEqual({});
    expect(sampleContact ?? null).toBeNull();
  });
});

describe('the entities', () => {
  it('are read parents first, and those that others hang on before the rest', () => {
    expect(practicePanther.entities.map(({ name }) => name)).toEqual([
      ...['users', 'customfields', 'accounts', 'contacts', 'matters'],
      ...['tasks', 'notes', 'emails', 'events', 'timeentries'],
    ]);
  });

  it('can all be asked for one record', () => {
    expect(practicePanther.entities.filter(({ fetchOne }) => fetchOne === undefined)).toEqual([]);
  });
});
