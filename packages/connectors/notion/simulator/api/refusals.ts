import { randomUUID } from 'node:crypto';
import { Refusal, type ReplyHeaders } from '../../../simulation/http/reply.js';

/** An error in the vendor's envelope. */
export function refusal(
  status: number,
  code: string,
  message: string,
  { data, headers = {} }: { readonly data?: Readonly<Record<string, unknown>>; readonly headers?: ReplyHeaders } = {},
): Refusal {
  const requestId = randomUUID();
  const body = {
    object: 'error',
    status,
    code,
    message,
    ...(data && { additional_data: data }),
    request_id: requestId,
  };
  return new Refusal(status, body, { 'x-notion-request-id': requestId, ...headers });
}

export function notFound(what: string, id: string): Refusal {
  const message = `Could not find ${what} with ID: ${id}. Make sure the relevant pages and databases are shared with your integration.`;
  return refusal(404, 'object_not_found', message);
}

export function invalid(message: string): Refusal {
  return refusal(400, 'validation_error', message);
}
