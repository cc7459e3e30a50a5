import type { IncomingMessage } from 'node:http';
import { Refusal } from './reply.js';

/** Mutations and token requests are small; whatever is larger is a mistake. */
const LIMIT = 16_000_000;

/** Reads the body of a request as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LIMIT) throw new Refusal(413, { Message: 'The request is too large.' });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
