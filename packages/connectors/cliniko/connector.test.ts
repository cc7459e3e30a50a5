import { entityOf, mapRecord, type VendorClient, type VendorResponse } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { cliniko } from './connector.js';

const credentials = { apiKey: 'MS0xLWFiY2Rl-au4', contactEmail: 'desk@clinic.example' };
const answer = (status: number, body = ''): VendorResponse => ({
  ...{ status, body, headers: {}, vendorTime: undefined, elapsedMs: 1 },
});

describe('the credentials', () => {
  it('are an API key and somebody to write to', () => {
    expect(cliniko.credentials.parse({ ...credentials, apiKey: ` ${credentials.apiKey}\n` })).toEqual(credentials);
    for (const wrong of [
      { apiKey: 'a b c d e f g' },
      { apiKey: 'user:password' },
      { apiKey: '' },
      { contactEmail: 'x' },
    ]) {
      expect(cliniko.credentials.safeParse({ ...credentials, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
    }
    expect(cliniko.credentials.safeParse({ apiKey: credentials.apiKey }).success).toBe(false);
  });

  it('say where the account is', () => {
    expect(cliniko.baseUrl?.(credentials)).toBe('https://api.au4.cliniko.com/v1/');
    expect(cliniko.about?.(credentials)).toEqual({ region: 'au4' });
  });

  it('go with every request, with a name and an address for the vendor', () => {
    const { headers } = cliniko.auth.authorize({ method: 'GET', url: 'patients' }, credentials, undefined);
    expect(headers).toEqual({
      authorization: `Basic ${Buffer.from(`${credentials.apiKey}:`).toString('base64')}`,
      'user-agent': 'Syncline (desk@clinic.example)',
    });
  });

  it('are wrong where the vendor says 401; 403 is about permissions', () => {
    expect([401, 403, 200].map((status) => cliniko.auth.isRejected(answer(status)))).toEqual([true, false, false]);
  });
});

describe('the settings', () => {
  it("default to the vendor's values", () => {
    const settings = cliniko.settings.parse({});
    expect(settings).toMatchObject({ pageSize: 100, overlapSeconds: 900, rateLimitPerMinute: 200, lookBackDays: 90 });
    expect(settings.baseUrl).toBeUndefined();
    expect(cliniko.budget(settings)).toEqual([{ requests: 200, seconds: 60 }]);
  });

  it.each([{ pageSize: 101 }, { pageSize: 0 }, { baseUrl: 'x' }, { rateLimitPerMinute: 0 }])('refuse %j', (wrong) =>
    expect(cliniko.settings.safeParse(wrong).success).toBe(false),
  );
});

describe('the environment', () => {
  const connection = (values: Record<string, unknown>) => cliniko.environment?.connection(values);

  it('describes a connection once there is a key', () => {
    expect(connection({ CLINIKO_CONTACT_EMAIL: 'a@b.example' })).toBeUndefined();
    const given = { CLINIKO_API_KEY: credentials.apiKey, CLINIKO_CONTACT_EMAIL: credentials.contactEmail };
    const made = connection({ ...given, CLINIKO_RATE_LIMIT_PER_MINUTE: 60 });
    expect(made).toEqual({
      credentials,
      settings: { baseUrl: 'https://api.au4.cliniko.com/v1/', rateLimitPerMinute: 60 },
    });
    expect(connection({ ...given, CLINIKO_BASE_URL: 'http://127.0.0.1:4002/v1/' })?.settings).toMatchObject({
      baseUrl: 'http://127.0.0.1:4002/v1/',
    });
  });

  it('says which variable is missing', () => {
    const message = 'CLINIKO_CONTACT_EMAIL has to be set with CLINIKO_API_KEY';
    expect(() => connection({ CLINIKO_API_KEY: credentials.apiKey })).toThrow(new RangeError(message));
  });
});

describe('an answer that objects to a filter', () => {
  const asked = (...filters: string[]) => ({ method: 'GET', url: 'patients', query: { 'q[]': filters } }) as const;

  it('by the time of change makes the entity be read in full; any other is a failure', () => {
    const changed = asked('archived_at:*', 'updated_at:>=2025-06-01T00:00:00Z');
    const objection = answer(400, '{"message":"updated_at is not filterable"}');
    expect(cliniko.classify?.(changed, objection)).toBe('UPSTREAM_BAD_WATERMARK');
    expect(cliniko.classify?.(changed, answer(400, '{"message":"recall_at is not filterable"}'))).toBeUndefined();
    expect(cliniko.classify?.(asked('archived_at:*'), objection)).toBeUndefined();
    expect(cliniko.classify?.({ method: 'GET', url: 'user' }, objection)).toBeUndefined();
    expect(cliniko.classify?.(changed, answer(403, 'updated_at'))).toBeUndefined();
  });
});

describe('the probe', () => {
  const client = (json: unknown): VendorClient => ({
    post: () => Promise.reject(new Error('nothing is posted to this vendor')),
    get: async () => ({ json, lossless: false, vendorTime: undefined }),
  });

  it('tells who we are', async () => {
    const user = { id: '1', first_name: 'Robin', last_name: 'Vale', email: 'robin@vale.example' };
    expect(await cliniko.probe(client(user))).toEqual({
      user: { id: '1', name: 'Robin Vale', email: 'robin@vale.example' },
    });
    expect(await cliniko.probe(client(null))).toEqual({ user: { id: undefined, name: '', email: undefined } });
  });
});

describe('the modes', () => {
  it('are those that operators know, the whole one first', () => {
    expect(Object.keys(cliniko.modes ?? {})).toEqual(['comprehensive', 'basic', 'patients-only', 'active']);
    expect(cliniko.modes?.['active']?.scope).toEqual({ name: 'active', days: 30 });
  });
});

describe('a record', () => {
  const mapped = (entity: string, record: object) => mapRecord(entityOf(cliniko, entity).mapping, record);
  const values = (entity: string, record: object) => {
    const outcome = mapped(entity, record);
    return 'ok' in outcome ? { ...outcome.ok.values, flags: outcome.ok.flags } : outcome;
  };

  it('of a patient has the mobile number first, dates without a time, and empty texts for no date', () => {
    const numbers = (...numbers: object[]) => values('patients', { id: '1', patient_phone_numbers: numbers });
    const home = { phone_type: 'Home', number: '03 9000' };
    const mobile = { phone_type: 'Mobile', number: '0400' };
    expect(numbers(home, mobile)).toMatchObject({ phone: '0400' });
    expect(numbers({ phone_type: 'Mobile', number: '' }, home)).toMatchObject({ phone: '03 9000' });
    expect(numbers()).toMatchObject({ phone: null });
    const dates = { date_of_birth: '1988-02-14', archived_at: '', merged_at: '', deleted_at: null };
    expect(values('patients', { id: '1', ...dates })).toMatchObject({
      ...{ date_of_birth: '1988-02-14', archived_at: null, merged_at: null, cliniko_deleted_at: null, flags: [] },
    });
  });

  it('of an appointment says in words why it was cancelled; words of the vendor go before ours', () => {
    const of = (reason: unknown, description: unknown) =>
      values('appointments', { id: '1', cancellation_reason: reason, cancellation_reason_description: description });
    expect(of(31, '')).toMatchObject({ cancellation_reason: 'COVID-19 related', flags: [] });
    expect(of(50, 'Moved house')).toMatchObject({ cancellation_reason: 'Moved house' });
    expect(of(null, null)).toMatchObject({ cancellation_reason: null, flags: [] });
    const flags = [{ field: 'cancellation_reason', code: 'UNKNOWN_VALUE', value: '99' }];
    expect(of(99, null)).toMatchObject({ cancellation_reason: '99', flags });
  });

  it('has ids as text, whatever their length and however they came', () => {
    for (const id of ['836447129235883061', 75335355]) {
      expect(mapped('patients', { id })).toMatchObject({ ok: { key: String(id) } });
    }
    for (const id of [null, undefined, '', {}, true]) expect(mapped('patients', { id })).toHaveProperty('rejected');
  });
});

it('every entity can be asked for one record', () => {
  expect(cliniko.entities.filter(({ fetchOne }) => fetchOne === undefined)).toEqual([]);
});
