import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultAction, FaultBoard } from '../faults/fault-board.js';
import { failure, spoil } from '../faults/fault-bodies.js';
import type { HoldBoard } from '../faults/hold-board.js';
import type { SeenRequest } from '../faults/request-match.js';
import type { VendorClock } from '../vendor-clock.js';
import { Departure } from './departure.js';
import { Refusal, type Reply } from './reply.js';
import type { RequestLog } from './request-log.js';
import { isPaced, send, sendPaced } from './send.js';

/** What stands between a vendor and the network. */
export interface Frontage {
  readonly clock: VendorClock;
  readonly log: RequestLog;
  readonly faults: FaultBoard;
  readonly holds: HoldBoard;
}

/** A vendor's own work on a request; it may throw a refusal. */
export type Answer = (request: IncomingMessage, seen: SeenRequest) => Reply | Promise<Reply>;

/** Takes one request from arrival to the last byte: log, hold, fault, answer, hold, send. */
export async function exchange(
  { clock, log, faults, holds }: Frontage,
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  slownessMs: (seen: SeenRequest) => number = () => 0,
): Promise<void> {
  const seen: SeenRequest = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams };
  const entry = log.begin(new Date(clock.nowMs()).toISOString(), seen.method, seen.path, seen.query);
  const departure = new Departure(response);

  await holds.pass('arrival', seen, departure);
  const fault = faults.strike(seen);
  const wait = (fault?.delayMs ?? 0) + slownessMs(seen);
  if (wait > 0) await delay(wait, undefined, { signal: departure.signal });
  const reply = await answerWithFault(answer, request, seen, fault);
  await holds.pass('answer', seen, departure);
  entry.status = reply.status;
  if (departure.happened) return;
  response.setHeader('date', new Date(clock.nowMs()).toUTCString());
  if (fault && isPaced(fault)) await sendPaced(response, reply, fault, departure);
  else await send(response, reply, departure);
}

async function answerWithFault(
  answer: Answer,
  request: IncomingMessage,
  seen: SeenRequest,
  fault: FaultAction | undefined,
): Promise<Reply> {
  if (!fault) return unlessRefused(answer, request, seen);
  const instead = fault.status !== undefined && fault.status >= 400;
  return spoil(instead ? failure(fault.status ?? 500) : await unlessRefused(answer, request, seen), fault);
}

async function unlessRefused(answer: Answer, request: IncomingMessage, seen: SeenRequest): Promise<Reply> {
  try {
    return await answer(request, seen);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}
