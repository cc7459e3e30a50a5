import { createClient, SynclineError } from '@syncline/client';
import { chosenOrganization } from './organization.js';

export { SynclineError };

/** The API that serves this page. The session's cookie goes along by itself. */
export const api = createClient({
  fetch: (request) => {
    const organization = chosenOrganization();
    if (organization !== undefined) request.headers.set('x-organization-id', organization);
    return fetch(request);
  },
});

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof SynclineError && error.code === 'UNAUTHENTICATED';
}

/** An admin has shut this person out. */
export function isShutOut(error: unknown): boolean {
  return error instanceof SynclineError && error.code === 'MEMBER_BLOCKED';
}

/** The organization that was asked for is none, or not for this person any more. */
export function isOrganizationLost(error: unknown): boolean {
  return isShutOut(error) || (error instanceof SynclineError && error.code === 'ORGANIZATION_NOT_FOUND');
}
