import { type Reply, type ReplyHeaders, rendered } from '../../../simulation/http/reply.js';

const MARK = '\u0001number ';
const MARKED = /"\\u0001number (-?\d+(?:\.\d+)?)"/g;

/** A number of any length, to be sent as it is written here: it would not survive as one of this language. */
export function digits(text: string): string {
  return `${MARK}${text}`;
}

/** An answer in JSON, in which `digits` are numbers. */
export function rawJson(value: unknown, headers: ReplyHeaders = {}): Reply {
  const reply = rendered(Buffer.from(JSON.stringify(value).replaceAll(MARKED, '$1')));
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
