import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { Departure } from '../http/departure.js';
import { readBody } from '../http/read-body.js';
import { json, Refusal, type Reply } from '../http/reply.js';
import { send } from '../http/send.js';
import type { ControlRoute } from './control-route.js';

/** Where the control endpoint lives; nothing below it is logged, counted, held or struck. */
export const CONTROL = '/__simulator/';

const LOOPBACK = /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** Answers one control request. Only from this machine: whoever reaches it can rewrite the vendor's data. */
export async function controlExchange<Simulator>(
  simulator: Simulator,
  routes: readonly ControlRoute<Simulator>[],
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const departure = new Departure(response);
  const reply = await answer(simulator, routes, request, url, departure).catch(asReply);
  if (!departure.happened) await send(response, reply, departure);
}

async function answer<Simulator>(
  simulator: Simulator,
  routes: readonly ControlRoute<Simulator>[],
  request: IncomingMessage,
  url: URL,
  departure: Departure,
): Promise<Reply> {
  if (!LOOPBACK.test(request.socket.remoteAddress ?? '')) throw new Refusal(403, { error: 'From this machine only.' });
  const path = url.pathname.slice(CONTROL.length).replace(/\/$/, '');
  for (const { method, pattern, handle } of routes) {
    const match = method === request.method ? pattern.exec(path) : null;
    if (!match) continue;
    const text = await readBody(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return handle({ simulator, params: match.slice(1), query: url.searchParams, body, departure });
  }
  throw new Refusal(404, { error: `Nothing at ${request.method} ${url.pathname}.` });
}

/** Tests are told what they did wrong; there is nobody here to hide it from. */
function asReply(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  if (error instanceof z.ZodError) return json({ error: z.prettifyError(error) }, 400);
  return json({ error: error instanceof Error ? error.message : String(error) }, 400);
}
