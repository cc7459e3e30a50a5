import { die, oneOf } from '../../simulation/dice.js';
import type { VendorClock } from '../../simulation/vendor-clock.js';
import type { PageChange, StoreChange } from './changes.js';
import type { Agency, Block, Property, Row } from './data/agency.js';
import { richText } from './data/rich-text.js';

/** A round of changes: so many pages of each kind, none of them twice. */
export interface MutationRequest {
  readonly seed?: number | undefined;
  readonly edits?: number | undefined;
  readonly adds?: number | undefined;
  readonly trashes?: number | undefined;
}

/** The agency's pages, and everything that can happen to them. */
export class SimulatorStore {
  readonly agency: Agency;
  readonly #clock: VendorClock;
  #next: number;
  /** Counts changes. */
  version = 0;
  readonly #listeners: ((change: StoreChange) => void)[] = [];

  constructor(agency: Agency, clock: VendorClock) {
    this.agency = agency;
    this.#clock = clock;
    this.#next = agency.rows.size;
  }

  /** Is told of every change that the vendor tells of, right after it has happened. */
  onChange(listener: (change: StoreChange) => void): void {
    this.#listeners.push(listener);
  }

  /** Pages of the clients' data source that the integration sees, those in the trash too. */
  rows(): Row[] {
    const source = this.agency.sources[0]?.id;
    return [...this.agency.rows.values()].filter((row) => row.shared && row.sourceId === source);
  }

  ids(): string[] {
    return this.rows().map(({ id }) => id);
  }

  row(id: string): Row {
    const row = this.agency.rows.get(id);
    if (row === undefined) throw new Error(`No page ${id}.`);
    return row;
  }

  /** The block of that id and its page, when that can be seen. */
  block(id: string): { readonly block: Block; readonly row: Row } | undefined {
    const find = (blocks: readonly Block[]): Block | undefined => {
      for (const block of blocks) {
        const found = block.id === id ? block : find(block.children);
        if (found) return found;
      }
      return undefined;
    };
    for (const row of this.agency.rows.values()) {
      const block = row.shared && !row.inTrash ? find(row.blocks) : undefined;
      if (block) return { block, row };
    }
    return undefined;
  }

  /** The value of a property, by the property's name. */
  set(id: string, name: string, value: unknown): void {
    const property = this.property(name);
    this.row(id).values.set(property.id, value);
    this.touch(id);
    // The vendor takes a title for a part of what the page says.
    if (property.type === 'title') this.#tellPage(id, 'content_updated');
    else this.#tellPage(id, 'properties_updated', { properties: [property.id] });
  }

  rename(id: string, name: string): void {
    const title = this.agency.schema.find(({ type }) => type === 'title');
    this.set(id, title?.name ?? '', richText(name));
  }

  setBlocks(id: string, blocks: Block[]): void {
    this.row(id).blocks = blocks;
    this.touch(id);
    this.#tellPage(id, 'content_updated', { blocks: blocks.map((block) => block.id) });
  }

  /** Changes a text that every page has, and nothing else. */
  edit(id: string, seed = 1): void {
    this.row(id).values.set('nt', richText(`Edited ${seed} at ${this.#clock.nowMs()}`));
    this.touch(id);
    this.#tellPage(id, 'properties_updated', { properties: ['nt'] });
  }

  add(name?: string): string {
    const row = this.agency.make(this.#next, this.#clock.nowMs());
    this.#next += 1;
    this.agency.rows.set(row.id, row);
    if (name !== undefined) row.values.set('title', richText(name));
    this.version += 1;
    this.#tellPage(row.id, 'created');
    return row.id;
  }

  trash(id: string, inTrash = true): void {
    const row = this.row(id);
    const isOther = row.inTrash !== inTrash;
    row.inTrash = inTrash;
    this.touch(id);
    if (isOther) this.#tellPage(id, inTrash ? 'deleted' : 'undeleted');
  }

  /**
   * Takes a page out of the integration's sight, or lets it be seen again. Nothing else of it changes, and nobody is
   * told.
   */
  share(id: string, shared: boolean): void {
    this.row(id).shared = shared;
    this.version += 1;
  }

  /** Moves a page to another data source, of this database or of another. */
  move(id: string, sourceId: string): void {
    this.row(id).sourceId = sourceId;
    this.touch(id);
    this.#tellPage(id, 'moved');
  }

  /** Sends these fields in place of the page's own. Its times stay: it is as one that was always so. */
  poison(id: string, fields: Readonly<Record<string, unknown>>): void {
    this.row(id).poison = fields;
    this.version += 1;
  }

  property(name: string): Property {
    const property = this.agency.schema.find((candidate) => candidate.name === name);
    if (property === undefined) throw new Error(`No property ${name}.`);
    return property;
  }

  renameProperty(name: string, to: string): void {
    const property = this.property(name);
    property.name = to;
    this.version += 1;
    this.#tell({ kind: 'schema', property: { id: property.id, name: to }, action: 'updated' });
  }

  /** Takes a property out of the schema and out of every page. No page counts as edited by it. */
  removeProperty(name: string): void {
    const { schema, rows } = this.agency;
    const [removed] = schema.splice(schema.indexOf(this.property(name)), 1);
    for (const row of rows.values()) row.values.delete(removed?.id ?? '');
    this.version += 1;
    this.#tell({ kind: 'schema', property: { id: removed?.id ?? '', name }, action: 'deleted' });
  }

  addProperty(property: Property): void {
    this.agency.schema.push(property);
    this.version += 1;
    this.#tell({ kind: 'schema', property: { id: property.id, name: property.name }, action: 'created' });
  }

  /** Gives so many pages, from the first on, one and the same minute of change. */
  shareTimestamp(count: number, at: Date): string[] {
    const rows = this.rows().slice(0, count);
    rows.forEach((row, i) => {
      row.editedMs = at.getTime() - (at.getTime() % 60_000) + ((i * 700) % 60_000);
    });
    this.version += 1;
    return rows.map(({ id }) => id);
  }

  /** The same for their creation, as an import leaves it behind. */
  shareCreation(count: number, at: Date): string[] {
    const rows = this.rows().slice(0, count);
    for (const row of rows) row.createdMs = at.getTime();
    this.version += 1;
    return rows.map(({ id }) => id);
  }

  mutate({ seed = 1, edits = 0, adds = 0, trashes = 0 }: MutationRequest) {
    const chosen = new Set<string>();
    const choose = (count: number, what: string): string[] => {
      const roll = die(seed, what);
      return Array.from({ length: count }, (_, turn) => {
        const left = this.rows().filter(({ id, inTrash }) => !inTrash && !chosen.has(id));
        if (left.length === 0) return [];
        const { id } = oneOf(left, roll(turn));
        chosen.add(id);
        return [id];
      }).flat();
    };
    const [edited, trashed] = [choose(edits, 'edit'), choose(trashes, 'trash')];
    for (const id of edited) this.edit(id, seed);
    for (const id of trashed) this.trash(id);
    return { edited, trashed, added: Array.from({ length: adds }, () => this.add()) };
  }

  touch(id: string): void {
    this.row(id).editedMs = this.#clock.nowMs();
    this.version += 1;
  }

  /** Of pages that the integration does not see, it hears nothing either. */
  #tellPage(pageId: string, what: PageChange['what'], more: Partial<Pick<PageChange, 'properties' | 'blocks'>> = {}) {
    const { shared, sourceId } = this.row(pageId);
    if (shared) this.#tell({ kind: 'page', what, pageId, sourceId, properties: [], blocks: [], ...more });
  }

  #tell(change: StoreChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
