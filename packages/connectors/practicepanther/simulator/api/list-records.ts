import { type Reply, rendered } from '../../../simulation/http/reply.js';
import type { Entity } from '../data/entities.js';
import type { Quirks } from '../quirks.js';
import type { RecordRenderer } from '../store/record-renderer.js';
import type { ListQuery } from './list-query.js';

/** Above this many rows an answer is made while it is sent: nobody should hold a gigabyte to answer one request. */
const ROWS_AT_ONCE = 2000;
const ROWS_A_BLOCK = 500;
const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

/** Cuts the stretch out of a selection that a query asks for, as far as the quirks let it. */
export function pageOf(slots: Uint32Array, query: Omit<ListQuery, 'selection'>, quirks: Quirks): Uint32Array {
  const asked = query.top ?? slots.length;
  const capped = Math.min(asked, quirks.rowCap ?? asked);
  const repeated = query.skip > 0 ? Math.min(quirks.repeatRows, query.skip) : 0;
  return slots.subarray(query.skip - repeated, query.skip + capped);
}

/** Answers a list of records: a bare array, whatever its length. */
export function listReply(renderer: RecordRenderer, entity: Entity, page: Uint32Array): Reply {
  if (page.length <= ROWS_AT_ONCE) return rendered(Buffer.concat([OPEN, ...rows(renderer, entity, page, true), CLOSE]));
  return rendered(blocks(renderer, entity, page));
}

function* blocks(renderer: RecordRenderer, entity: Entity, page: Uint32Array): Generator<Buffer> {
  yield OPEN;
  for (let at = 0; at < page.length; at += ROWS_A_BLOCK) {
    yield Buffer.concat(rows(renderer, entity, page.subarray(at, at + ROWS_A_BLOCK), at === 0));
  }
  yield CLOSE;
}

function rows(renderer: RecordRenderer, entity: Entity, page: Uint32Array, first: boolean): Buffer[] {
  const parts: Buffer[] = [];
  for (const slot of page) {
    if (parts.length > 0 || !first) parts.push(COMMA);
    parts.push(renderer.render(entity, slot));
  }
  return parts;
}
