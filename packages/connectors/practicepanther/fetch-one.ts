import { type Entity, SyncError } from '@syncline/connector-kit';

/**
 * GET /{resource}/{id}: the same shape as in the list.
 *
 * Throws SyncError UPSTREAM_BAD_BODY when the answer is no record.
 */
export function fetchFrom(resource: string): NonNullable<Entity['fetchOne']> {
  return async (client, id) => {
    const answer = await client.get(`${resource}/${encodeURIComponent(id)}`);
    if (typeof answer.json !== 'object' || answer.json === null || Array.isArray(answer.json)) {
      throw new SyncError('UPSTREAM_BAD_BODY', `${resource}: expected a JSON object, the record asked for`);
    }
    return answer;
  };
}
