import {
  APIErrorCode,
  APIResponseError,
  type BaseWebhookPayload,
  type BlockObjectResponse,
  Client,
  collectAllDataSourceRows,
  collectPaginatedAPI,
  type DatabaseObjectResponse,
  type DataSourceObjectResponse,
  isFullBlock,
  isFullDatabase,
  isFullDataSource,
  isFullPage,
  isFullUser,
  LogLevel,
  type PageObjectResponse,
  verifyWebhookSignature,
} from '@notionhq/client';
import { part, type Simulator, startSimulator } from '@syncline/connectors/notion/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Received, startWebhookReceiver } from '../../packages/connectors/notion/testing/webhook-receiver.js';

let simulator: Simulator;
let notion: Client;
beforeEach(async () => {
  simulator = await startSimulator({ clients: 26, quirks: { quota: null } });
  notion = clientOf();
});
afterEach(() => simulator.close());

/** Notion's own client, as its users have it, but for where it is sent. */
function clientOf(options: ConstructorParameters<typeof Client>[0] = {}): Client {
  const quiet = () => undefined;
  return new Client({ auth: simulator.credentials.apiKey, baseUrl: simulator.origin, logger: quiet, ...options });
}
const source = () => simulator.store.agency.sources[0]?.id ?? '';
const idOf = (at: number) => simulator.store.ids()[at] ?? '';
async function refusal(asking: Promise<unknown>): Promise<APIResponseError> {
  const error = await asking.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(APIResponseError);
  return error as APIResponseError;
}

// All fields that the client's types promise; a field that a later version adds is missing here for the compiler.
type Fields<Of> = Record<keyof Of, boolean>;
const container = {
  ...{ object: true, id: true, title: true, description: true, parent: true, is_inline: true, in_trash: true },
  ...{
    archived: true,
    created_time: true,
    last_edited_time: true,
    icon: true,
    cover: true,
    url: true,
    public_url: true,
  },
} as const;
const databaseFields: Fields<DatabaseObjectResponse> = { ...container, is_locked: true, data_sources: true };
const sourceFields: Fields<DataSourceObjectResponse> = {
  ...container,
  ...{ database_parent: true, created_by: true, last_edited_by: true, properties: true },
};
const pageFields: Fields<PageObjectResponse> = {
  ...{ object: true, id: true, created_time: true, last_edited_time: true, in_trash: true, archived: true },
  ...{ is_archived: true, is_locked: true, url: true, public_url: true, parent: true, properties: true, icon: true },
  ...{ cover: true, created_by: true, last_edited_by: true },
};
const blockFields: Fields<BlockObjectResponse> = {
  ...{ object: true, id: true, type: true, parent: true, created_time: true, created_by: true, last_edited_time: true },
  ...{ last_edited_by: true, has_children: true, in_trash: true, archived: true },
};
const eventFields: Fields<Omit<BaseWebhookPayload, 'accessible_by'>> = {
  ...{ id: true, timestamp: true, workspace_id: true, workspace_name: true, subscription_id: true },
  ...{ integration_id: true, authors: true, attempt_number: true, api_version: true },
};
const expectFields = (answer: object, fields: object) =>
  expect(Object.keys(answer)).toEqual(expect.arrayContaining(Object.keys(fields)));

describe("Notion's own client finds whole", () => {
  it('the database and its data source', async () => {
    const database = await notion.databases.retrieve({ database_id: simulator.databaseId.replaceAll('-', '') });
    if (!isFullDatabase(database)) throw new Error('in part only');
    expectFields(database, databaseFields);
    const [first] = database.data_sources;
    const found = await notion.dataSources.retrieve({ data_source_id: first?.id ?? '' });
    if (!isFullDataSource(found)) throw new Error('in part only');
    expectFields(found, sourceFields);
    expect(found.parent).toEqual({ type: 'database_id', database_id: database.id });
    const { 'Products/Services': services, Status: status, MRR: mrr, Projects: projects } = found.properties;
    if (services?.type !== 'multi_select' || status?.type !== 'status') throw new Error('of another type');
    expect(services.multi_select.options.map(({ name }) => name)).toContain('SEO');
    const [group] = status.status.groups;
    expect(group?.option_ids).toEqual(status.status.options.map(({ id }) => id));
    expect(mrr?.type === 'number' && mrr.number.format).toBe('dollar');
    expect(projects?.type === 'relation' && projects.relation.data_source_id).toBe(found.id);
  });

  it('a page, and what does not fit into it', async () => {
    const { store } = simulator;
    const id = idOf(0);
    const notes = Array.from({ length: 130 }, (_, i) => part(`part ${i} `));
    store.set(id, 'Notes', notes);
    const page = await notion.pages.retrieve({ page_id: id });
    if (!isFullPage(page)) throw new Error('in part only');
    expectFields(page, pageFields);
    const { Notes: shown, Team: team, 'Contact Email': email } = page.properties;
    if (shown?.type !== 'rich_text' || team?.type !== 'people') throw new Error('of another type');
    expect(shown.rich_text).toHaveLength(25);
    expect(team.people.every((person) => person.object === 'user' && isFullUser(person))).toBe(true);
    const items = [];
    for (let cursor: string | undefined; ; ) {
      const start = cursor === undefined ? {} : { start_cursor: cursor };
      const list = await notion.pages.properties.retrieve({ page_id: id, property_id: shown.id, ...start });
      if (list.object !== 'list') throw new Error('not a list');
      items.push(...list.results);
      if (list.next_cursor === null) break;
      cursor = list.next_cursor;
    }
    const texts = items.map((item) => item.type === 'rich_text' && item.rich_text.plain_text);
    expect(texts).toEqual(notes.map(({ plain_text }) => plain_text));
    const single = await notion.pages.properties.retrieve({ page_id: id, property_id: email?.id ?? '' });
    expect(single).toMatchObject({ object: 'property_item', type: 'email' });
  });

  it('what a page says, block by block', async () => {
    const { store } = simulator;
    const row = store.rows().find(({ blocks, inTrash }) => blocks.length > 0 && !inTrash);
    const block_id = row?.id ?? '';
    const blocks = await collectPaginatedAPI(notion.blocks.children.list, { block_id, page_size: 2 });
    expect(blocks.map(({ id }) => id)).toEqual(row?.blocks.map(({ id }) => id));
    for (const block of blocks) {
      if (!isFullBlock(block)) throw new Error('in part only');
      expectFields(block, { ...blockFields, [block.type]: true });
      expect(block.parent).toEqual({ type: 'page_id', page_id: block_id });
    }
    const outer = blocks.find((block) => isFullBlock(block) && block.has_children);
    const inner = await notion.blocks.children.list({ block_id: outer?.id ?? '' });
    expect(inner.results[0]).toMatchObject({ parent: { type: 'block_id', block_id: outer?.id } });
  });

  it('the people, and itself', async () => {
    const me = await notion.users.me({});
    const users = await collectPaginatedAPI(notion.users.list, { page_size: 3 });
    expect(users.every(isFullUser)).toBe(true);
    expect(users.map(({ type }) => type)).toEqual(['person', 'person', 'person', 'bot']);
    expect(users[3]).toEqual(me);
    expect(await notion.users.retrieve({ user_id: users[1]?.id ?? '' })).toMatchObject({ name: 'Bo' });
  });
});

describe("Notion's own client reads the list", () => {
  const inUse = () => simulator.store.rows().filter(({ inTrash }) => !inTrash);

  it('page by page to its end, and what is in the trash apart from it', async () => {
    const query = (more: object) =>
      collectPaginatedAPI(notion.dataSources.query, { data_source_id: source(), page_size: 7, ...more });
    const pages = await query({});
    expect(pages.every(isFullPage)).toBe(true);
    expect(pages.map(({ id }) => id).sort()).toEqual(
      inUse()
        .map(({ id }) => id)
        .sort(),
    );
    expect(await query({ in_trash: true })).toHaveLength(simulator.state().trashed);
  });

  it('up to the cap, where it is told that there is more, and goes on beyond it in its own way', async () => {
    simulator.setQuirks({ cap: 10 });
    const answer = await notion.dataSources.query({ data_source_id: source() });
    expect(answer).toMatchObject({ has_more: false, request_status: { type: 'incomplete' } });
    expect(answer.results).toHaveLength(10);
    const all = await collectAllDataSourceRows(notion, { data_source_id: source(), page_size: 4 });
    expect(all).toHaveLength(inUse().length);
  });
});

describe("Notion's own client knows the error", () => {
  it.each([
    [APIErrorCode.Unauthorized, 401, () => clientOf({ auth: 'ntn_wrong' }).users.me({})],
    [APIErrorCode.ObjectNotFound, 404, () => notion.pages.retrieve({ page_id: simulator.databaseId })],
    [APIErrorCode.ValidationError, 400, () => notion.pages.retrieve({ page_id: 'no-id' })],
    [APIErrorCode.InvalidRequestURL, 400, () => notion.comments.list({ block_id: simulator.databaseId })],
    [
      APIErrorCode.ValidationError,
      400,
      () => notion.dataSources.query({ data_source_id: source(), start_cursor: 'gone' }),
    ],
  ] as const)('%s', async (code, status, asking) => {
    const error = await refusal(asking());
    expect([error.code, error.status]).toEqual([code, status]);
    expect(error.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of too many requests, and waits for as long as it is told to', async () => {
    await notion.users.me({});
    simulator.setQuirks({ quota: { requests: 1, windowSeconds: 1 } });
    const said: unknown[] = [];
    const patient = clientOf({
      logLevel: LogLevel.INFO,
      logger: (_, message, about) => message === 'retrying request' && said.push(about['delayMs']),
    });
    await patient.users.me({});
    const error = await refusal(clientOf({ retry: false }).users.me({}));
    expect([error.code, error.status]).toEqual([APIErrorCode.RateLimited, 429]);
    expect(error.additional_data).toHaveProperty('rate_limit_reason');
    expect(await patient.users.me({})).toMatchObject({ type: 'bot' });
    expect(said).toEqual([1_000]);
  });
});

describe("Notion's own client takes the webhooks of the simulator", () => {
  it('for genuine, and forged ones not', async () => {
    const token = 'secret_ofTheOfficialClient00000000000000000';
    const receiver = await startWebhookReceiver();
    const { store, webhooks } = simulator;
    webhooks.set({ forge: 0.7, unknownTypes: 0.3 });
    webhooks.attach({ url: receiver.url, token });
    for (const id of store.ids()) store.edit(id);
    store.rename(idOf(1), 'Grüße');
    store.renameProperty('Phone', 'Telephone');
    await webhooks.idle();
    await receiver.close();

    const isGenuine = ({ raw, headers }: Received) => {
      const signature = headers['x-notion-signature']?.toString();
      return verifyWebhookSignature({ body: raw, signature, verificationToken: token });
    };
    const verdicts = await Promise.all(receiver.received.map(isGenuine));
    const { genuine, forged } = webhooks.report();
    expect(verdicts.filter((verdict) => verdict)).toHaveLength(genuine.sent);
    expect(verdicts.filter((verdict) => !verdict)).toHaveLength(forged.sent);
    expect(Math.min(genuine.sent, forged.sent)).toBeGreaterThan(9);
    for (const { body } of receiver.received) expectFields(body, { ...eventFields, type: true, entity: true });
  });

  it('by the token of the handshake, too', async () => {
    const receiver = await startWebhookReceiver();
    const { token } = await simulator.webhooks.subscribe({ url: receiver.url });
    await receiver.close();
    const [handshake] = receiver.received;
    const signature = handshake?.headers['x-notion-signature']?.toString();
    const body = handshake?.raw ?? '';
    expect(await verifyWebhookSignature({ body, signature, verificationToken: token })).toBe(true);
    expect(await verifyWebhookSignature({ body, signature, verificationToken: `${token}x` })).toBe(false);
  });
});
