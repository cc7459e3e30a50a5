import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiParts, answerApi } from '../api/router.js';
import type { FaultAction, FaultBoard } from '../faults/fault-board.js';
import { failure, spoil } from '../faults/fault-bodies.js';
import type { HoldBoard } from '../faults/hold-board.js';
import type { SeenRequest } from '../faults/request-match.js';
import { answerAuthorize } from '../oauth/authorize-endpoint.js';
import { answerToken } from '../oauth/token-endpoint.js';
import type { VendorClock } from '../vendor-clock.js';
import { Departure } from './departure.js';
import { readBody } from './read-body.js';
import { Refusal, type Reply } from './reply.js';
import type { RequestLog } from './request-log.js';
import { isPaced, send, sendPaced } from './send.js';

/** What the vendor's side of the server works with. */
export interface VendorParts extends ApiParts {
  clock: VendorClock;
  log: RequestLog;
  faults: FaultBoard;
  holds: HoldBoard;
  clientId: string;
  tokenLifeSeconds: number;
}

const API = '/api/v2/';

/** Takes one request from arrival to the last byte: log, hold, fault, answer, hold, send. */
export async function exchange(
  parts: VendorParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const seen: SeenRequest = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams };
  const entry = parts.log.begin(new Date(parts.clock.nowMs()).toISOString(), seen.method, seen.path, seen.query);
  const departure = new Departure(response);

  await parts.holds.pass('arrival', seen, departure);
  const fault = parts.faults.strike(seen);
  const wait = (fault?.delayMs ?? 0) + slowness(parts, seen);
  if (wait > 0) await delay(wait, undefined, { signal: departure.signal });
  const reply = await answerWithFault(parts, request, seen, fault);
  await parts.holds.pass('answer', seen, departure);
  entry.status = reply.status;
  if (departure.happened) return;
  response.setHeader('date', new Date(parts.clock.nowMs()).toUTCString());
  if (fault && isPaced(fault)) await sendPaced(response, reply, fault, departure);
  else await send(response, reply, departure);
}

async function answerWithFault(
  parts: VendorParts,
  request: IncomingMessage,
  seen: SeenRequest,
  fault: FaultAction | undefined,
): Promise<Reply> {
  if (!fault) return answer(parts, request, seen);
  const instead = fault.status !== undefined && fault.status >= 400;
  return spoil(instead ? failure(fault.status ?? 500) : await answer(parts, request, seen), fault);
}

async function answer(parts: VendorParts, request: IncomingMessage, seen: SeenRequest): Promise<Reply> {
  const { method, query } = seen;
  const path = seen.path.toLowerCase();
  try {
    if (path === '/oauth/authorize') return answerAuthorize(parts.tokens, parts.clientId, query);
    if (path === '/oauth/token') {
      const body = await readBody(request);
      const contentType = request.headers['content-type'];
      return answerToken(parts.tokens, parts.quirks, parts.tokenLifeSeconds, { method, contentType, body });
    }
    if (!path.startsWith(API)) throw new Refusal(404, { Message: 'Not found.' });
    const below = seen.path.slice(API.length).replace(/\/+$/, '');
    return answerApi(parts, { method, path: below, query, authorization: request.headers.authorization });
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

/** Lists of matters take their time on the accounts of large firms. */
function slowness({ quirks }: VendorParts, seen: SeenRequest): number {
  return quirks.slowMattersMs > 0 && /^\/api\/v2\/matters\/?$/i.test(seen.path) ? quirks.slowMattersMs : 0;
}
