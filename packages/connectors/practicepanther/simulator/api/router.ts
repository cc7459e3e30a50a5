import { Refusal, type Reply, rendered } from '../../../simulation/http/reply.js';
import { type Entity, isEntity } from '../data/entities.js';
import { CUSTOM_FIELD_SCOPES } from '../data/record-shapes.js';
import type { TokenBook } from '../oauth/token-book.js';
import type { Quirks } from '../quirks.js';
import type { RecordRenderer } from '../store/record-renderer.js';
import type { Selections } from '../store/selections.js';
import type { Tables } from '../store/tables.js';
import { parseListQuery, type Section } from './list-query.js';
import { listReply, pageOf } from './list-records.js';
import type { QuotaGate } from './quota.js';
import { listTags } from './tags.js';

/** What the resource endpoints work with. */
export interface ApiParts {
  tables: Tables;
  quirks: Quirks;
  renderer: RecordRenderer;
  selections: Selections;
  tokens: TokenBook;
  quota: QuotaGate;
}

/** A resource request, as far as the API looks at it. */
export interface ApiRequest {
  method: string;
  /** The path below `/api/v2/`, without slashes at its ends. */
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
}

/** Answers a resource request, or throws the vendor's refusal: quota first, then the token, then the resource. */
export function answerApi(parts: ApiParts, request: ApiRequest): Reply {
  parts.quota.admit();
  authorize(parts, request.authorization);
  const [resource = '', part, ...rest] = request.path.toLowerCase().split('/');
  const tags = resource === 'tags' ? listTags(part) : undefined;
  if ((tags === undefined && !isEntity(resource)) || rest.length > 0) throw notFound(request.path);
  if (request.method !== 'GET') {
    const Message = `The requested resource does not support http method '${request.method}'.`;
    throw new Refusal(405, { Message }, { allow: 'GET' });
  }
  if (tags !== undefined) return tags;
  return getResource(parts, resource as Entity, part, request.query);
}

function getResource(parts: ApiParts, entity: Entity, part: string | undefined, asked: URLSearchParams): Reply {
  const section = entity === 'customfields' ? scopeOf(part) : undefined;
  if (section === undefined && part !== undefined) return getOne(parts, entity, part);
  // Custom fields have a list for each scope, and none of all.
  if (section === undefined && entity === 'customfields') throw notFound(entity);
  const { selection, ...query } = parseListQuery(parts.tables, parts.quirks, entity, asked, section);
  return listReply(parts.renderer, entity, pageOf(parts.selections.slots(selection), query, parts.quirks));
}

function scopeOf(name: string | undefined): Section | undefined {
  const value = CUSTOM_FIELD_SCOPES.find((scope) => scope === name);
  return value === undefined ? undefined : { field: 'scope', value };
}

function authorize({ tokens, quirks }: ApiParts, authorization: string | undefined): void {
  const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new Refusal(401, { Message: 'Authorization has been denied for this request.' });
  if (tokens.accepts(token)) return;
  // The vendor answers a dead token like a failed grant; a client in production has also seen a plain 401.
  throw new Refusal(quirks.expiredTokenStatus, { error: 'invalid_grant' });
}

function getOne(parts: ApiParts, entity: Entity, id: string): Reply {
  const table = parts.tables.of[entity];
  const slot = entity === 'users' && id === 'me' ? 0 : table.slotOf(id);
  if (slot === undefined || !table.isLive(slot)) throw notFound(`${entity}/${id}`);
  return rendered(parts.renderer.renderOne(entity, slot));
}

function notFound(path: string): Refusal {
  return new Refusal(404, { Message: `No HTTP resource was found that matches the request URI '/api/v2/${path}'.` });
}
