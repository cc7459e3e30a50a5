import type { VendorRequest } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { notion } from './connector.js';
import { durable } from './durable.js';

describe('the environment', () => {
  const connection = (values: Record<string, unknown>) => notion.environment?.connection(values);

  it('makes a connection of a key and a database', () => {
    const databaseId = '1f2a7c10-0000-4000-8000-0000000000db';
    const values = { NOTION_API_KEY: 'ntn_key', NOTION_DATABASE_ID: databaseId, NOTION_BASE_URL: 'https://x.example' };
    const settings = { databaseId, baseUrl: 'https://x.example' };
    expect(connection(values)).toEqual({ credentials: { apiKey: 'ntn_key' }, settings });
    expect(notion.settings.parse(settings)).toMatchObject({ databaseId, requestsPerSecond: 3, pageBodies: 'always' });
    expect(connection({})).toBeUndefined();
    expect(() => connection({ NOTION_API_KEY: 'ntn_key' })).toThrow('NOTION_DATABASE_ID');
  });
});

describe('a refusal', () => {
  const request: VendorRequest = { method: 'POST', url: 'data_sources/x/query', json: {} };
  const code = (status: number, body: string, json: unknown = {}) =>
    notion.classify?.({ ...request, json }, { status, body, headers: {}, vendorTime: undefined, elapsedMs: 0 });

  it.each([
    [400, 'The start_cursor provided is invalid: 1f2a', {}, 'CURSOR_UNREADABLE'],
    [
      400,
      'body.filter.last_edited_time should be a date',
      { filter: { last_edited_time: {} } },
      'UPSTREAM_BAD_WATERMARK',
    ],
    [400, 'body.filter.last_edited_time should be a date', {}, undefined],
    [400, 'body.page_size should be 100', {}, undefined],
    [409, 'Conflict occurred while saving.', {}, 'UPSTREAM_UNAVAILABLE'],
    [404, 'start_cursor', {}, undefined],
  ])('of status %d with "%s" to %j is %s', (status, body, json, expected) => {
    expect(code(status, body, json)).toBe(expected);
  });
});

describe('what is stored', () => {
  it('has no address that is good for an hour only', () => {
    const external = { name: 'b', type: 'external', external: { url: 'https://b.example' } };
    const upload = { name: 'a', type: 'file', file: { url: 'https://s3.example/a?signature=1', expiry_time: '…' } };
    expect(durable({ files: [upload, external], icon: upload, n: 1, none: null })).toEqual({
      files: [{ ...upload, file: {} }, external],
      ...{ icon: { ...upload, file: {} }, n: 1, none: null },
    });
  });
});
