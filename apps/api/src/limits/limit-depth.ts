import { SyncError } from '@syncline/connector-kit';
import type { FastifyRequest } from 'fastify';

/** Deeper than any record, and far from where writing JSON overflows the stack. */
const deepest = 100;

/** The hook that refuses bodies nested so deeply that whoever walks or writes them would overflow the stack. */
export async function limitDepth({ body }: Pick<FastifyRequest, 'body'>): Promise<void> {
  // The bytes of a webhook, which nobody has taken for JSON yet.
  if (body instanceof Uint8Array) return;
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) {
      throw new SyncError('VALIDATION_FAILED', `is nested deeper than ${deepest} levels`, { field: 'body' });
    }
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
}
