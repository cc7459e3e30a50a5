import { randomUUID } from 'node:crypto';
import { richText, type Simulator } from '@syncline/connectors/notion/simulator';
import type { Deed } from './agency-actions.js';

/** So few that the brake on deletes lets all of them go. */
const mostPages = 10;

/** Who works at the agency, and with what consequences nobody is told of. */
export class AgencyPeople {
  /** Pages that came into sight or out of it without an edit. */
  readonly unheard = new Set<string>();
  /** Since a property was renamed, which edits no page. */
  namesChanged = false;
  readonly #store: Simulator['store'];
  readonly #elsewhere = randomUUID();
  #number = 0;

  constructor({ store }: Simulator) {
    this.#store = store;
  }

  /** Does it to the page at that place among those that it can be done to, if there are any. */
  act(deed: Deed, at: number): void {
    const store = this.#store;
    const { sources, rows, schema } = store.agency;
    const source = sources[0]?.id ?? '';
    const all = [...rows.values()];
    type Page = (typeof all)[number];
    const toOne = (fits: (page: Page) => boolean, make: (id: string) => void) => {
      const some = all.filter(fits);
      const chosen = some[at % Math.max(1, some.length)];
      if (chosen !== undefined) make(chosen.id);
    };
    const isSeen = (page: Page) => page.shared && page.sourceId === source;
    const isLive = (page: Page) => isSeen(page) && !page.inTrash;
    // One client stays: a vendor who shows nobody at all is not believed, which is another story.
    const mayGo = (page: Page) => page !== all[0];
    const title = schema.find(({ type }) => type === 'title')?.name ?? '';
    this.#number += 1;
    const number = this.#number;
    const silently = (id: string, change: () => void) => {
      this.unheard.add(id);
      change();
    };
    const deeds: Readonly<Record<Deed, () => void>> = {
      edit: () => toOne(isLive, (id) => store.set(id, 'Contact Email', `mail-${number}@client.example`)),
      // Names repeat: slugs have to be told apart.
      rename: () => toOne(isLive, (id) => store.set(id, title, richText(`Client ${number % 3}`))),
      write: () =>
        toOne(isLive, (id) =>
          store.setBlocks(id, [{ id: randomUUID(), type: 'paragraph', text: `Text ${number}`, children: [] }]),
        ),
      add: () => {
        if (all.length < mostPages) store.add(`Client ${number % 3}`);
      },
      trash: () =>
        toOne(
          (page) => isLive(page) && mayGo(page),
          (id) => store.trash(id),
        ),
      restore: () =>
        toOne(
          (page) => isSeen(page) && page.inTrash,
          (id) => store.trash(id, false),
        ),
      leave: () =>
        toOne(
          (page) => isLive(page) && mayGo(page),
          (id) => silently(id, () => store.move(id, this.#elsewhere)),
        ),
      return: () =>
        toOne(
          (page) => page.shared && page.sourceId === this.#elsewhere,
          (id) => store.move(id, source),
        ),
      hide: () =>
        toOne(
          (page) => isSeen(page) && mayGo(page),
          (id) => silently(id, () => store.share(id, false)),
        ),
      show: () =>
        toOne(
          (page) => page.sourceId === source && !page.shared,
          (id) => silently(id, () => store.share(id, true)),
        ),
      call: () => {
        this.namesChanged = true;
        store.renameProperty(title, `Name ${number}`);
      },
    };
    deeds[deed]();
  }

  /** A full sync has read everything. */
  allRead(): void {
    this.unheard.clear();
    this.namesChanged = false;
  }
}
