import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import { uuidOf } from './identifiers.js';
import { createPeople, type Person, showPerson } from './people.js';
import { richText } from './rich-text.js';

/** A property of the schema. Its id is as it stands in an address. */
export interface Property {
  readonly id: string;
  name: string;
  type: string;
}

/** A piece of a page. */
export interface Block {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly children: Block[];
}

/** A page of the database, as the vendor keeps it: times are exact, values are whole. */
export interface Row {
  readonly id: string;
  createdMs: number;
  editedMs: number;
  inTrash: boolean;
  /** Whether the integration may see it. */
  shared: boolean;
  /** The data source that it is in. */
  sourceId: string;
  /** By the property's id. */
  readonly values: Map<string, unknown>;
  blocks: Block[];
  /** Fields that are sent in place of the page's own, for records that are not as they should be. */
  poison: Readonly<Record<string, unknown>>;
}

export interface Agency {
  readonly workspace: { readonly id: string; readonly name: string };
  /** Of the connection that has the key. */
  readonly integrationId: string;
  readonly people: readonly Person[];
  /** Who makes all changes. */
  readonly personId: string;
  /** When the database was made. */
  readonly createdMs: number;
  readonly databaseId: string;
  readonly sources: readonly { readonly id: string; readonly name: string }[];
  readonly schema: Property[];
  readonly rows: Map<string, Row>;
  /** Makes a client, by its number, as of now. */
  make(at: number, nowMs: number): Row;
}

/** The database that a data source belongs to: that of the clients, or another one, of which nothing else is known. */
export function databaseOf({ databaseId, sources }: Agency, sourceId: string): string {
  return sources.some(({ id }) => id === sourceId) ? databaseId : uuidOf(0, `database of ${sourceId}`);
}

const firsts = ['Acme', 'Blue Harbor', 'Cedar', 'Daybreak', 'Elm Street', 'Foxglove', 'Granite', 'Harvest', 'Ivy'];
const lasts = ['Dental', 'Legal', 'Bakery', 'Fitness', 'Realty', 'Roofing', 'Vet Clinic', 'Books'];
export const SERVICES: readonly string[] = ['SEO', 'PPC', 'Web Design', 'Branding', 'Email'];
export const STATES: readonly string[] = ['Active', 'Onboarding', 'Paused', 'Churned'];

const schema: readonly Property[] = [
  { id: 'Xy1%7D', name: 'Products/Services', type: 'multi_select' },
  { id: 'bl%3Fx', name: 'Billing Email', type: 'email' },
  { id: 'aB%3Dc', name: 'Contact Email', type: 'email' },
  { id: 'title', name: 'Client Name', type: 'title' },
  { id: 'St%40t', name: 'Status', type: 'status' },
  { id: 'ph', name: 'Phone', type: 'phone_number' },
  { id: 'dt', name: 'Start', type: 'date' },
  { id: 'mr', name: 'MRR', type: 'number' },
  { id: 'rl', name: 'Projects', type: 'relation' },
  { id: 'tm', name: 'Team', type: 'people' },
  { id: 'nt', name: 'Notes', type: 'rich_text' },
  { id: 'fl', name: 'Brief', type: 'files' },
];

const day = 86_400_000;

/** An agency's database of clients: the same for the same seed, and for times in the same hour. */
export function createAgency(seed: number, clients: number, dataSources: number, nowMs: number): Agency {
  const hour = Math.floor(nowMs / 3_600_000) * 3_600_000;
  const sources = Array.from({ length: dataSources }, (_, i) => {
    return { id: uuidOf(seed, `source ${i}`), name: i === 0 ? 'Clients' : `Clients ${i + 1}` };
  });
  const people = createPeople(seed);
  const rows = new Map<string, Row>();
  const sourceId = sources[0]?.id ?? '';
  for (let at = 0; at < clients; at += 1) {
    // Several in the same minute now and then, as when people paste them.
    const createdMs = hour - 400 * day + Math.floor(at / 3) * 3_600_000 + (at % 3) * 17_000;
    const row = makeRow(seed, people, at, createdMs, sourceId);
    row.editedMs = hour - day - (die(seed, 'edited')(at) % (300 * day));
    row.editedMs = Math.max(row.editedMs, row.createdMs);
    row.inTrash = at % 13 === 12;
    rows.set(row.id, row);
  }
  return {
    // In every event: its letters take more bytes than characters, which is where receivers lose signatures.
    workspace: { id: uuidOf(seed, 'workspace'), name: 'Agence Simulée' },
    integrationId: uuidOf(seed, 'integration'),
    people,
    personId: people[0]?.id ?? '',
    createdMs: hour - 500 * day,
    databaseId: uuidOf(seed, 'database'),
    sources,
    schema: schema.map((property) => ({ ...property })),
    rows,
    make: (at, ms) => makeRow(seed, people, at, ms, sourceId),
  };
}

function makeRow(seed: number, people: readonly Person[], at: number, ms: number, sourceId: string): Row {
  const roll = (what: string) => die(seed, what)(at);
  // Names repeat: slugs have to be told apart.
  const name = `${oneOf(firsts, roll('first'))} ${oneOf(lasts, roll('last'))}`;
  const mail = (who: string) => `${who}@${name.toLowerCase().replaceAll(/[^a-z]/g, '')}${at}.example`;
  const chosen = SERVICES.filter((service) => oneIn(3, roll(service)));
  const state = oneOf(STATES, roll('state'));
  const values = new Map<string, unknown>([
    ['title', richText(name)],
    ['aB%3Dc', oneIn(9, roll('no mail')) ? null : mail('ops')],
    ['bl%3Fx', mail('billing')],
    ['Xy1%7D', chosen.map((service) => ({ id: `o${SERVICES.indexOf(service)}`, name: service, color: 'blue' }))],
    ['St%40t', { id: `s${STATES.indexOf(state)}`, name: state, color: 'green' }],
    ['ph', oneIn(2, roll('phone')) ? `+1 555 01${String(at % 100).padStart(2, '0')}` : null],
    ['dt', { start: new Date(ms).toISOString().slice(0, 10), end: null, time_zone: null }],
    ['mr', (roll('mrr') % 50) * 100],
    ['rl', [{ id: uuidOf(seed, `project ${at}`) }]],
    ['tm', [showPerson(oneOf(people, at))]],
    ['nt', richText('Met at the fair. ', 'Wants more leads.')],
    ['fl', oneIn(4, roll('brief')) ? ['brief.pdf'] : []],
  ]);
  const block = (i: number, type: string, text: string, children: Block[] = []): Block => {
    return { id: uuidOf(seed, `block ${at} ${i}`), type, text, children };
  };
  const blocks = oneIn(7, roll('empty page'))
    ? []
    : [
        block(1, 'heading_2', `About ${name}`),
        block(2, 'paragraph', `Looked after since ${new Date(ms).getUTCFullYear()}.`),
        block(3, 'toggle', 'Goals', [block(4, 'bulleted_list_item', 'More leads'), block(5, 'to_do', 'New site')]),
      ];
  const row = { createdMs: ms, editedMs: ms, inTrash: false, shared: true, sourceId, values, blocks, poison: {} };
  return { id: uuidOf(seed, `page ${at}`), ...row };
}
