import type { Block, Simulator } from '@syncline/connectors/notion/simulator';
import { expect } from 'vitest';

type Row = Record<string, unknown>;
export type ClientRows = Readonly<Record<string, Row>>;

export interface Comparison {
  /** Pages that nobody could have heard of: they are left out. */
  readonly unheard?: ReadonlySet<string>;
  /** Without the names of properties, which change without any page being edited. */
  readonly namesAside?: boolean;
}

/** Every row is as its page is at the vendor, in all columns; and whoever is not seen there any more is marked. */
export async function expectAgencyTruth(
  simulator: Simulator,
  rows: ClientRows,
  { unheard = new Set(), namesAside = false }: Comparison = {},
): Promise<void> {
  // Looking is not to use up what is to be measured.
  const { quota } = simulator.quirks;
  simulator.setQuirks({ quota: null });
  const found = new Map(Object.entries(rows).filter(([id]) => !unheard.has(id)));
  const seen = simulator.store.rows().filter(({ id }) => !unheard.has(id));
  for (const page of seen) {
    const row = found.get(page.id);
    const shown = await shownPage(simulator, page.id);
    expect(row, `row of ${page.id}`).toMatchObject(wanted(page, shown));
    if (!namesAside) expect(row?.['properties']).toEqual(lasting(shown['properties'] as Row));
    expect(row?.['deleted_at'] !== null, `${page.id} is marked`).toBe(page.inTrash);
    // Nobody can read the text of what is in the trash.
    if (!page.inTrash) expect(row?.['client_page_info'], `text of ${page.id}`).toBe(textOf(page.blocks));
    expect(row?.['sync_flags']).toBeNull();
    found.delete(page.id);
  }
  simulator.setQuirks({ quota });
  for (const [id, row] of found) expect(row['deleted_at'], `${id}, which is not seen any more`).not.toBeNull();
  const slugs = Object.values(rows).map((row) => row['slug']);
  expect(slugs.filter((slug) => typeof slug !== 'string' || slug === '')).toEqual([]);
  expect(new Set(slugs).size, 'slugs').toBe(slugs.length);
}

type Page = ReturnType<Simulator['store']['rows']>[number];

/** By ids of properties, as the simulator keeps them: what they are called is another matter. */
function wanted(page: Page, shown: Row): Row {
  const { values } = page;
  const name = (values.get('title') as { plain_text: string }[]).map(({ plain_text }) => plain_text).join('');
  const services = (values.get('Xy1%7D') as { name: string }[]).map((service) => service.name).join(', ');
  const minute = (ms: number) => new Date(ms - (ms % 60_000));
  return {
    name: name || null,
    contact_email: values.get('aB%3Dc') ?? null,
    products_services: services || null,
    status: (values.get('St%40t') as { name: string } | null)?.name ?? null,
    url: shown['url'],
    source_created_at: minute(page.createdMs),
    source_updated_at: minute(page.editedMs),
    trashed_at: page.inTrash ? minute(page.editedMs) : null,
  };
}

async function shownPage({ url, credentials }: Simulator, id: string): Promise<Row> {
  const headers = { authorization: `Bearer ${credentials.apiKey}`, 'notion-version': '2025-09-03' };
  const response = await fetch(`${url}pages/${id}`, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as Row;
}

/** Without the addresses of files, which are other ones each time. */
function lasting(properties: Row): Row {
  const text = JSON.stringify(properties, (key, value) => (key === 'file' ? {} : value));
  return JSON.parse(text) as Row;
}

function textOf(blocks: readonly Block[], depth = 0): string {
  const lines = blocks.flatMap(({ text, children }) => [
    ...(text === '' ? [] : ['  '.repeat(depth) + text]),
    ...(children.length === 0 ? [] : [textOf(children, depth + 1)]),
  ]);
  return lines.join('\n');
}
