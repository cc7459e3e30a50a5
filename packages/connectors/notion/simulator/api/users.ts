import { json, type Reply } from '../../../simulation/http/reply.js';
import type { Agency } from '../data/agency.js';
import { asUuid } from '../data/identifiers.js';
import { showPerson } from '../data/people.js';
import { pageOf } from './list-page.js';
import { invalid, notFound } from './refusals.js';

/** Everybody, one of them, or the connection itself, `me`. */
export function answerUsers({ people, workspace, integrationId }: Agency, part: string, query: URLSearchParams): Reply {
  const bot = {
    object: 'user',
    id: integrationId,
    name: 'Syncline',
    avatar_url: null,
    type: 'bot',
    bot: { owner: { type: 'workspace', workspace: true }, workspace_id: workspace.id, workspace_name: workspace.name },
  };
  if (part === 'me') return json(bot);
  const all = [...people.map(showPerson), bot];
  if (part === '') return json({ ...pageOf(all, query), type: 'user', user: {} });
  const id = asUuid(part);
  if (id === undefined)
    throw invalid(`path failed validation: path.user_id should be a valid uuid, instead was "${part}".`);
  const found = all.find((user) => user.id === id);
  if (found === undefined) throw notFound('user', id);
  return json(found);
}
