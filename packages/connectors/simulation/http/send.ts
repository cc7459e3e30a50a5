import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultAction } from '../faults/fault-board.js';
import { wholeBody } from '../faults/fault-bodies.js';
import type { Departure } from './departure.js';
import type { Reply } from './reply.js';

/** Sends an answer as fast as the client reads it. */
export async function send(response: ServerResponse, reply: Reply, departure: Departure): Promise<void> {
  const { status, headers, body } = reply;
  if (Buffer.isBuffer(body)) {
    response.writeHead(status, { 'content-length': body.length, ...headers });
    // A length that lies leaves the connection out of step: it cannot serve another request.
    const { socket } = response;
    if ('content-length' in headers) response.once('finish', () => socket?.destroySoon());
    response.end(body);
    return;
  }
  response.writeHead(status, headers);
  for (const block of body) {
    if (!response.write(block)) await once(response, 'drain', { signal: departure.signal });
    if (departure.happened) return;
  }
  response.end();
}

/** Sends an answer the way a fault wants it: in drops, up to a point, or cut off. */
export async function sendPaced(
  response: ServerResponse,
  reply: Reply,
  action: FaultAction,
  departure: Departure,
): Promise<void> {
  if (action.resetAfterBytes === 0) {
    // Not even a header: the client sees a connection that broke while it waited.
    response.socket?.resetAndDestroy();
    return;
  }
  const body = wholeBody(reply.body);
  const { stallAfterBytes = body.length, resetAfterBytes = body.length, dripBytesPerSecond } = action;
  const cut = Math.min(stallAfterBytes, resetAfterBytes, body.length);
  response.writeHead(reply.status, { 'content-length': body.length, ...reply.headers });
  response.flushHeaders();
  // Without a speed the part before the cut goes in one piece.
  const stretch =
    dripBytesPerSecond === undefined ? Math.max(cut, 1) : Math.max(1, Math.round(dripBytesPerSecond / 10));
  for (let sent = 0; sent < cut; sent += stretch) {
    if (sent > 0 && dripBytesPerSecond)
      await delay((stretch / dripBytesPerSecond) * 1000, undefined, { signal: departure.signal });
    await new Promise((resolve) => response.write(body.subarray(sent, Math.min(sent + stretch, cut)), resolve));
  }
  if (action.resetAfterBytes !== undefined && resetAfterBytes <= stallAfterBytes) response.socket?.resetAndDestroy();
  else if (action.stallAfterBytes === undefined) response.end();
  // A stalled answer is never ended: the client, or the end of the simulator, closes the connection.
}

/** Whether a fault changes how an answer goes over the wire. */
export function isPaced(action: FaultAction): boolean {
  const { stallAfterBytes, resetAfterBytes, dripBytesPerSecond } = action;
  return stallAfterBytes !== undefined || resetAfterBytes !== undefined || dripBytesPerSecond !== undefined;
}
