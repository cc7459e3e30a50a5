import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../../../simulation/http/reply.js';
import type { Row } from '../data/agency.js';
import { asUuid } from '../data/identifiers.js';
import type { Admission, Version } from './admission.js';
import { pageOf } from './list-page.js';
import { type QueryParts, queryRows } from './query-rows.js';
import { invalid, notFound, refusal } from './refusals.js';
import { itemsOf, showItem, showPage } from './show.js';
import { showBlock } from './show-block.js';
import { showDatabase, showSource } from './show-schema.js';
import { answerUsers } from './users.js';

export interface ApiParts extends QueryParts {
  readonly admission: Admission;
}

/** A request, as far as the API looks at it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly version: string | undefined;
  readonly body: string;
}

/** Answers a request, or throws the vendor's refusal. */
export function answerApi(parts: ApiParts, request: ApiRequest): Reply {
  const version = parts.admission.admit(request.authorization, request.version);
  const [base, resource = '', part = '', under, last, ...rest] = request.path.split('/').filter(Boolean);
  const route = `${request.method} ${resource} ${under ?? ''}`.trim();
  if (base !== 'v1' || rest.length > 0) throw unknownRoute();
  if (route === 'GET users') return answerUsers(parts.store.agency, part, request.query);
  if (part === '') throw unknownRoute();
  const id = asUuid(decodeURIComponent(part));
  if (id === undefined) throw invalid(`path failed validation: path.id should be a valid uuid, instead was "${part}".`);
  switch (route) {
    case 'GET databases':
      return getDatabase(parts, id, version);
    case 'GET data_sources':
      return getSource(parts, id, version);
    case 'POST databases query':
      return queryRows(parts, onlySource(parts, id, version), bodyOf(request), version);
    case 'POST data_sources query':
      if (version === '2022-06-28') throw unknownRoute();
      return queryRows(parts, sourceOf(parts, id), bodyOf(request), version);
    case 'GET pages':
      return json({
        ...showPage(parts.store.agency, rowOf(parts, id), version, parts.clock.nowMs()),
        request_id: randomUUID(),
      });
    case 'GET pages properties':
      return getProperty(parts, rowOf(parts, id), decodeURIComponent(last ?? ''), request.query);
    case 'GET blocks children':
      return getChildren(parts, id, request.query, version);
    default:
      throw unknownRoute();
  }
}

function getDatabase({ store: { agency } }: ApiParts, id: string, version: Version): Reply {
  if (id !== agency.databaseId) throw notFound('database', id);
  return json({ ...showDatabase(agency, version), request_id: randomUUID() });
}

function getSource(parts: ApiParts, id: string, version: Version): Reply {
  if (version === '2022-06-28') throw unknownRoute();
  return json({ ...showSource(parts.store.agency, sourceOf(parts, id), version), request_id: randomUUID() });
}

function sourceOf({ store: { agency } }: ApiParts, id: string): string {
  if (!agency.sources.some((source) => source.id === id)) throw notFound('data source', id);
  return id;
}

/** What older versions take a database for. */
function onlySource({ store: { agency } }: ApiParts, id: string, version: Version): string {
  if (version !== '2022-06-28') throw unknownRoute();
  if (id !== agency.databaseId) throw notFound('database', id);
  const [only, ...others] = agency.sources;
  if (only !== undefined && others.length === 0) return only.id;
  throw refusal(
    400,
    'validation_error',
    'Databases with multiple data sources are not supported in this API version.',
    {
      data: {
        error_type: 'multiple_data_sources_for_database',
        database_id: id,
        child_data_source_ids: agency.sources.map((source) => source.id),
        minimum_api_version: '2025-09-03',
      },
    },
  );
}

function rowOf({ store }: ApiParts, id: string): Row {
  const row = store.agency.rows.get(id);
  if (row === undefined || !row.shared) throw notFound('page', id);
  return row;
}

function getProperty({ store }: ApiParts, row: Row, name: string, query: URLSearchParams): Reply {
  const property = store.agency.schema.find(({ id }) => decodeURIComponent(id) === decodeURIComponent(name));
  if (property === undefined) throw notFound('property', name);
  const items = itemsOf(property, row);
  if (items === undefined) return json(showItem(property, row));
  const about = { type: 'property_item', property_item: { id: property.id, next_url: null, type: property.type } };
  return json({ ...pageOf(items, query), ...about });
}

function getChildren({ store }: ApiParts, id: string, query: URLSearchParams, version: Version): Reply {
  const page = store.agency.rows.get(id);
  const found = store.block(id);
  const [row, blocks] = page?.shared && !page.inTrash ? [page, page.blocks] : [found?.row, found?.block.children];
  if (row === undefined || blocks === undefined) throw notFound('block', id);
  const shown = blocks.map((block) => showBlock(store.agency, row, id, block, version));
  return json({ ...pageOf(shown, query), type: 'block', block: {} });
}

function bodyOf({ body }: ApiRequest): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body === '' ? '{}' : body) as Readonly<Record<string, unknown>>;
  } catch {
    throw refusal(400, 'invalid_json', 'Error parsing JSON body.');
  }
}

function unknownRoute() {
  return refusal(400, 'invalid_request_url', 'Invalid request URL.');
}
