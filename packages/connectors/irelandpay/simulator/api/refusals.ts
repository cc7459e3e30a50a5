import { Refusal } from '../../../simulation/http/reply.js';

export function unauthenticated(): Refusal {
  return new Refusal(401, { message: 'Unauthenticated' });
}

export function notFound(): Refusal {
  return new Refusal(404, { message: 'Not found' });
}

/** This vendor says so with 405. */
export function invalid(): Refusal {
  return new Refusal(405, { message: 'Validation exception' });
}
