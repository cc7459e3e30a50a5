import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type NotionSettings, notionSettings } from './settings.js';
import { notionWebhooks } from './webhooks.js';

const key = 'secret_exampleVerificationToken0000000000';
const body = Buffer.from('{"id":"367cba44-b6f3-4c92-81e7-6a2e9659efd4","type":"page.created"}');
const right = 'a1e99e6bfe80190235f1d349a255b6f3a2f0aeae3a91b1bbaf89f28e73bf0bcf';
const check = (signature: string | readonly string[] | undefined, bytes: Uint8Array = body, by = key) =>
  notionWebhooks.checkSignature({ headers: { 'x-notion-signature': signature }, body: bytes }, by);

describe('a signature', () => {
  it('is right over the bytes as they came, under the token', () => {
    expect(check(`sha256=${right}`)).toBe('valid');
    expect(check(`sha256=${createHmac('sha256', key).update('').digest('hex')}`, Buffer.alloc(0))).toBe('valid');
  });

  it.each<[string, string | readonly string[]]>([
    ['of another secret', `sha256=${createHmac('sha256', `${key}x`).update(body).digest('hex')}`],
    ['without its prefix', right],
    ['with another prefix', `sha1=${right}`],
    ['in upper case', `sha256=${right.toUpperCase()}`],
    ['that was cut', `sha256=${right.slice(0, 62)}`],
    ['that goes on', `sha256=${right}00`],
    ['that is empty', ''],
    ['that is no hex', `sha256=${'z'.repeat(64)}`],
    ['twice, in one header', `sha256=${right}, sha256=${right}`],
    ['twice', [`sha256=${right}`, `sha256=${right}`]],
  ])('is wrong: one %s', (_what, signature) => {
    expect(check(signature)).toBe('wrong');
  });

  it('is wrong over the same JSON written in another way, and missing where there is none', () => {
    expect(check(`sha256=${right}`, Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1)))).toBe('wrong');
    expect(check(undefined)).toBe('missing');
  });
});

describe('the time of sending', () => {
  const sentAt = (given: string | readonly string[] | undefined) =>
    notionWebhooks.sentAt?.({ 'x-notion-timestamp': given });

  it('is read in seconds, milliseconds or ISO, and is not required', () => {
    const time = new Date('2026-07-01T12:30:00.000Z');
    expect(sentAt('1782909000')).toEqual(time);
    expect(sentAt('1782909000000')).toEqual(time);
    expect(sentAt('2026-07-01T12:30:00Z')).toEqual(time);
    expect(sentAt(undefined)).toBeUndefined();
  });

  it.each([[''], ['soon'], ['-1'], ['9999999999999999'], [['1782909000', '1782909000']]])(
    'cannot be read: %j',
    (given) => {
      expect(sentAt(given)).toBe('unreadable');
    },
  );
});

const databaseId = '1f2a7c10-0000-4000-8000-0000000000db';
const dataSourceId = '1f2a7c10-0000-4000-8000-0000000000d5';
const page = '1f2a7c10-0000-4000-8000-000000000101';
const unsurveyed = notionSettings.parse({ databaseId });
const settings: NotionSettings = {
  ...unsurveyed,
  database: { databaseId, dataSourceId, properties: {} as never, drift: [] },
};
const ours = { id: databaseId, type: 'database', data_source_id: dataSourceId };

function event(over: object = {}) {
  return {
    ...{ id: 'e1', type: 'page.properties_updated', timestamp: '2026-07-01T12:30:41.210Z', workspace_id: 'w' },
    ...{ entity: { id: page, type: 'page' }, data: { parent: ours, updated_properties: ['aB%3Dc'] } },
    ...over,
  };
}
const targets = (over?: object, known = settings) => {
  const message = notionWebhooks.read(event(over), known);
  return message.kind === 'event' ? message.targets : message;
};
const record = (onlyIfStored: boolean, id = page) => [{ kind: 'record', entity: 'clients', id, onlyIfStored }];

describe('an event', () => {
  it.each(['created', 'content_updated', 'properties_updated', 'moved', 'deleted', 'undeleted'])(
    'has the page fetched: page.%s',
    (what) => {
      expect(targets({ type: `page.${what}` })).toEqual(record(false));
    },
  );

  it('is known by its id and its time', () => {
    expect(notionWebhooks.read(event(), settings)).toMatchObject({
      ...{ kind: 'event', id: 'e1', type: 'page.properties_updated', at: new Date('2026-07-01T12:30:41.210Z') },
    });
  });

  it('knows the database by any way to write its id, before the first survey too', () => {
    expect(targets({ data: { parent: { id: databaseId.replaceAll('-', '') } } }, unsurveyed)).toEqual(record(false));
    expect(targets({ entity: { id: page.replaceAll('-', '').toUpperCase(), type: 'page' } })).toEqual(record(false));
    expect(targets({ data: { parent: { id: dataSourceId, type: 'data_source' } } })).toEqual(record(false));
  });

  it.each<[string, object]>([
    ['another database', { data: { parent: { id: page, type: 'database', data_source_id: page } } }],
    ['another data source of the database', { data: { parent: { ...ours, data_source_id: page } } }],
    ['a page below a page', { data: { parent: { id: page, type: 'page' } } }],
    ['no parent', { data: {} }],
    ['no data', { data: undefined }],
  ])('is of interest only for a page that is stored: %s', (_what, over) => {
    expect(targets(over)).toEqual(record(true));
  });

  it('has the entity synced when the schema has changed, of our data source only', () => {
    const schema = (id: string) => ({ type: 'data_source.schema_updated', entity: { id, type: 'data_source' } });
    expect(targets(schema(dataSourceId))).toEqual([{ kind: 'entity', entity: 'clients' }]);
    expect(targets(schema(page))).toBe('other_source');
  });

  it.each(['comment.created', 'page.locked', 'page.updated', 'data_source.content_updated', 'of.another.year'])(
    'is none of ours: %s',
    (type) => {
      expect(targets({ type })).toBe('unknown_type');
    },
  );

  it.each<[string, unknown]>([
    ['an id', event({ id: undefined })],
    ['a time', event({ timestamp: 'yesterday' })],
    ['a type', event({ type: 7 })],
    ['an object', [1]],
    ['anything', null],
  ])('cannot be read without %s', (_what, given) => {
    expect(notionWebhooks.read(given, settings)).toMatchObject({ kind: 'unreadable' });
  });
});

it('a body with a verification token and nothing else is the handshake', () => {
  expect(notionWebhooks.read({ verification_token: 'secret_x' }, settings)).toEqual({
    kind: 'handshake',
    key: 'secret_x',
  });
  expect(notionWebhooks.read(event({ verification_token: 'secret_x' }), settings).kind).toBe('event');
});
