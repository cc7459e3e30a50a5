import type { IncomingMessage } from 'node:http';
import type { SeenRequest } from '../../../simulation/faults/request-match.js';
import type { Frontage } from '../../../simulation/http/exchange.js';
import { readBody } from '../../../simulation/http/read-body.js';
import { Refusal, type Reply } from '../../../simulation/http/reply.js';
import { type ApiParts, answerApi } from '../api/router.js';
import { answerAuthorize } from '../oauth/authorize-endpoint.js';
import { answerToken } from '../oauth/token-endpoint.js';

/** What the vendor's side of the server works with. */
export interface VendorParts extends ApiParts, Frontage {
  clientId: string;
  tokenLifeSeconds: number;
}

const API = '/api/v2/';

/** The vendor's own work on a request. */
export async function answerVendor(parts: VendorParts, request: IncomingMessage, seen: SeenRequest): Promise<Reply> {
  const { method, query } = seen;
  const path = seen.path.toLowerCase();
  if (path === '/oauth/authorize') return answerAuthorize(parts.tokens, parts.clientId, query);
  if (path === '/oauth/token') {
    const body = await readBody(request);
    const contentType = request.headers['content-type'];
    return answerToken(parts.tokens, parts.quirks, parts.tokenLifeSeconds, { method, contentType, body });
  }
  if (!path.startsWith(API)) throw new Refusal(404, { Message: 'Not found.' });
  const below = seen.path.slice(API.length).replace(/\/+$/, '');
  return answerApi(parts, { method, path: below, query, authorization: request.headers.authorization });
}

/** Lists of matters take their time on the accounts of large firms. */
export function slowness({ quirks }: VendorParts, seen: SeenRequest): number {
  return quirks.slowMattersMs > 0 && /^\/api\/v2\/matters\/?$/i.test(seen.path) ? quirks.slowMattersMs : 0;
}
