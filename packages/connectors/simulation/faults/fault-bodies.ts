import { gzipSync } from 'node:zlib';
import { json, type Reply } from '../http/reply.js';
import type { FaultAction } from './fault-board.js';

const HUGE_BYTES = 100_000_000;
const HTML = '<!DOCTYPE html><html><head><title>Log in</title></head><body><form action="/login"></form></body></html>';

/** Gives an answer what a fault says it shall have: status, headers, body. */
export function spoil(reply: Reply, action: FaultAction): Reply {
  const spoilt = action.body === undefined ? reply : spoilBody(reply, action.body, action.hugeBytes ?? HUGE_BYTES);
  return {
    ...spoilt,
    status: action.status ?? spoilt.status,
    headers: { ...spoilt.headers, ...lowerCase(action.headers) },
  };
}

/** The answer of a fault that stands in the vendor's place. */
export function failure(status: number): Reply {
  return json({ Message: 'An error has occurred.' }, status);
}

/** The whole body in one piece: what cutting, packing and pacing need. */
export function wholeBody(body: Reply['body']): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.concat([...body]);
}

function spoilBody(reply: Reply, kind: string, hugeBytes: number): Reply {
  const withBody = (body: Reply['body'], headers: Reply['headers'] = {}): Reply => {
    return { ...reply, body, headers: { ...reply.headers, ...headers } };
  };
  switch (kind) {
    case 'garbage':
      return withBody(Buffer.from('\u0000\u0001{"id":]]}>not json\u00ff', 'latin1'));
    case 'truncated': {
      const whole = wholeBody(reply.body);
      return withBody(whole.subarray(0, Math.floor(whole.length / 2)));
    }
    case 'html':
      return withBody(Buffer.from(HTML), { 'content-type': 'text/html; charset=utf-8' });
    case 'null':
      return withBody(Buffer.from('null'));
    case 'object':
      return withBody(Buffer.from('{"items":[],"total":0}'));
    case 'empty':
      return withBody(Buffer.alloc(0));
    case 'deep':
      return withBody(Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`));
    case 'huge':
      return withBody(hugeArray(hugeBytes));
    case 'gzip-truncated': {
      const packed = gzipSync(wholeBody(reply.body));
      return withBody(packed.subarray(0, Math.floor(packed.length / 2)), { 'content-encoding': 'gzip' });
    }
    case 'gzip-bomb':
      return withBody(gzipSync(Buffer.alloc(hugeBytes, 0x20), { level: 1 }), { 'content-encoding': 'gzip' });
    default:
      return withBody(Buffer.from(kind));
  }
}

/** A valid array of about so many bytes, made while it is sent. */
function* hugeArray(bytes: number): Generator<Buffer> {
  const row = JSON.stringify({ id: 'filler', notes: 'x'.repeat(65_000) });
  yield Buffer.from(`[${row}`);
  const next = Buffer.from(`,${row}`);
  for (let sent = row.length; sent < bytes; sent += next.length) yield next;
  yield Buffer.from(']');
}

function lowerCase(headers: FaultAction['headers'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
