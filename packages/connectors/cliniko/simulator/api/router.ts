import { json, Refusal, type Reply } from '../../../simulation/http/reply.js';
import { ENTITIES, type Entity, PATHS } from '../data/entities.js';
import type { Admission } from './admission.js';
import { isHidden, type ListParts, listRecords } from './list-records.js';

export interface ApiParts extends ListParts {
  readonly admission: Admission;
}

/** A request, as far as the API looks at it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly userAgent: string | undefined;
  readonly authorization: string | undefined;
}

/** Answers a request, or throws the vendor's refusal. */
export function answerApi(parts: ApiParts, request: ApiRequest): Reply {
  parts.admission.admit(request.userAgent, request.authorization);
  const [version, resource = '', part, ...rest] = request.path.split('/').filter(Boolean);
  if (version !== 'v1' || rest.length > 0) throw notFound();
  if (request.method !== 'GET') throw new Refusal(405, { message: 'This simulator only reads.' }, { allow: 'GET' });
  if (part === undefined && resource === 'user') return json(user);
  if (part === undefined && resource === 'settings') return json({ account: { name: 'Vale Health', country: 'AU' } });
  const entity = ENTITIES.find((candidate) => PATHS[candidate] === resource);
  if (entity === undefined) throw notFound();
  // Those who work here are in one list, those who have left in another.
  if (entity === 'practitioners' && part === undefined) return listRecords(parts, entity, request.query, true);
  if (entity === 'practitioners' && part === 'inactive') return listRecords(parts, entity, request.query, false);
  return part === undefined ? listRecords(parts, entity, request.query) : getOne(parts, entity, part, request.query);
}

const user = { id: '1', first_name: 'Robin', last_name: 'Vale', email: 'robin@vale.example', role: 'administrator' };

function getOne({ store }: ApiParts, entity: Entity, part: string, query: URLSearchParams): Reply {
  const row = store.rows(entity).get(decodeURIComponent(part));
  if (row === undefined || isHidden(entity, row, query)) throw notFound();
  return json(row.record);
}

function notFound(): Refusal {
  return new Refusal(404, { message: 'Not found.' });
}
