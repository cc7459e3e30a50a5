import { isEntity } from '../data/entities.js';
import { Refusal, type Reply, rendered } from '../http/reply.js';
import type { TokenBook } from '../oauth/token-book.js';
import type { Quirks } from '../quirks.js';
import type { RecordRenderer } from '../store/record-renderer.js';
import type { Selections } from '../store/selections.js';
import type { Tables } from '../store/tables.js';
import { parseListQuery } from './list-query.js';
import { listReply, pageOf } from './list-records.js';
import type { QuotaGate } from './quota.js';

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
  const [resource = '', id, ...rest] = request.path.toLowerCase().split('/');
  if (!isEntity(resource) || rest.length > 0) throw notFound(request.path);
  if (request.method !== 'GET') {
    const Message = `The requested resource does not support http method '${request.method}'.`;
    throw new Refusal(405, { Message }, { allow: 'GET' });
  }
  if (id !== undefined) return getOne(parts, resource, id);
  const { selection, ...query } = parseListQuery(parts.tables, parts.quirks, resource, request.query);
  return listReply(parts.renderer, resource, pageOf(parts.selections.slots(selection), query, parts.quirks));
}

function authorize({ tokens, quirks }: ApiParts, authorization: string | undefined): void {
  const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new Refusal(401, { Message: 'Authorization has been denied for this request.' });
  if (tokens.accepts(token)) return;
  // The vendor answers a dead token like a failed grant; a client in production has also seen a plain 401.
  throw new Refusal(quirks.expiredTokenStatus, { error: 'invalid_grant' });
}

function getOne(parts: ApiParts, entity: keyof Tables['of'], id: string): Reply {
  const table = parts.tables.of[entity];
  const slot = entity === 'users' && id === 'me' ? 0 : table.slotOf(id);
  if (slot === undefined || !table.isLive(slot)) throw notFound(`${entity}/${id}`);
  return rendered(parts.renderer.render(entity, slot));
}

function notFound(path: string): Refusal {
  return new Refusal(404, { Message: `No HTTP resource was found that matches the request URI '/api/v2/${path}'.` });
}
