import { type Entity, SyncError } from '@syncline/connector-kit';
import { hidden, type VendorList } from './vendor-list.js';

/**
 * GET /{resource}/{id}: the same shape as in the list, also of what lists hide.
 *
 * Throws SyncError UPSTREAM_BAD_BODY when the answer is no record.
 */
export function fetchFrom({ path, hiddenBy }: VendorList): NonNullable<Entity['fetchOne']> {
  const filters = hidden({ hiddenBy: hiddenBy.filter((field) => field === 'archived_at') });
  return async (client, id) => {
    const answer = await client.get(`${path}/${encodeURIComponent(id)}`, { 'q[]': filters });
    if (typeof answer.json !== 'object' || answer.json === null || Array.isArray(answer.json)) {
      throw new SyncError('UPSTREAM_BAD_BODY', `${path}: expected a JSON object, the record asked for`);
    }
    return answer;
  };
}
