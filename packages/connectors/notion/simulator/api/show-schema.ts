import { type Agency, SERVICES, STATES } from '../data/agency.js';
import { richText } from '../data/rich-text.js';
import type { Version } from './admission.js';
import { shownTime } from './show.js';

const option = (color: string) => (name: string, i: number) => ({
  id: `${color === 'blue' ? 'o' : 's'}${i}`,
  name,
  color,
  description: null,
});

/** What a property's type has besides: the choices of a selection, the other side of a relation. */
function configuration(agency: Agency, type: string): object {
  switch (type) {
    case 'select':
    case 'multi_select':
      return { options: SERVICES.map(option('blue')) };
    case 'status': {
      const options = STATES.map(option('green'));
      const ids = options.map(({ id }) => id);
      return { options, groups: [{ id: 'g0', name: 'All', color: 'gray', option_ids: ids }] };
    }
    case 'number':
      return { format: 'dollar' };
    case 'relation': {
      const { databaseId, sources } = agency;
      const target = { database_id: databaseId, data_source_id: sources[0]?.id ?? '' };
      return { ...target, type: 'single_property', single_property: {} };
    }
    default:
      return {};
  }
}

function showSchema(agency: Agency) {
  return Object.fromEntries(
    agency.schema.map(({ id, name, type }) => [
      name,
      { id, name, type, description: null, [type]: configuration(agency, type) },
    ]),
  );
}

/** What databases and data sources have in common. */
function showContainer({ createdMs, personId }: Agency, id: string, name: string, version: Version) {
  const user = { object: 'user', id: personId };
  return {
    id,
    title: richText(name),
    description: [],
    is_inline: false,
    in_trash: false,
    ...(version !== '2026-03-11' && { archived: false }),
    created_time: shownTime(createdMs),
    last_edited_time: shownTime(createdMs),
    created_by: user,
    last_edited_by: user,
    icon: null,
    cover: null,
    url: `https://www.notion.so/${id.replaceAll('-', '')}`,
    public_url: null,
  };
}

const workspace = { type: 'workspace', workspace: true };

/** With an older version it has the properties itself. */
export function showDatabase(agency: Agency, version: Version) {
  const common = showContainer(agency, agency.databaseId, 'Clients', version);
  const itself = { object: 'database', ...common, parent: workspace, is_locked: false };
  if (version === '2022-06-28') return { ...itself, properties: showSchema(agency) };
  return { ...itself, data_sources: agency.sources.map((source) => ({ ...source })) };
}

export function showSource(agency: Agency, id: string, version: Version) {
  const name = agency.sources.find((source) => source.id === id)?.name ?? '';
  return {
    object: 'data_source',
    ...showContainer(agency, id, name, version),
    parent: { type: 'database_id', database_id: agency.databaseId },
    database_parent: workspace,
    properties: showSchema(agency),
  };
}
