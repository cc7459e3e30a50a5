import { die } from '../../../simulation/dice.js';
import { ENTITIES, type Entity, PARENTS, perEntity } from '../data/entities.js';
import { addRecord } from './additions.js';
import { archiveRecord, completeTask, editRecord } from './edits.js';
import {
  dealOut,
  type IdsByEntity,
  type MutationRequest,
  type MutationResult,
  mutationRequestSchema,
  noIds,
} from './mutation-plan.js';
import type { ChangeContext } from './record-changes.js';
import { removeRecord } from './removals.js';

/**
 * Runs a round of mutations: the same request on the same store changes the same records. No record is chosen
 * twice in a round, so the numbers asked for are the numbers an incremental run must bring.
 */
export function mutate(context: ChangeContext, request: MutationRequest): MutationResult {
  const plan = mutationRequestSchema.parse(request);
  const round = new Round(context, plan.seed);
  const { contacts } = context.tables.of;
  const nested: string[] = [];
  const deleted = round.each(dealOut(plan.deletes), (entity, slot) => {
    if (entity === 'accounts') nested.push(...context.tables.members.contactsOf(slot).map(contacts.source.ids.idOf));
    removeRecord(context, entity, slot);
  });
  deleted.contacts.push(...nested);
  const edited = round.each(dealOut(plan.edits), (entity, slot) => editRecord(context, entity, slot, plan.seed));
  const completed = round.each(
    dealOut({ tasks: plan.completions }),
    (_entity, slot) => completeTask(context, slot),
    (slot) => {
      return context.tables.of.tasks.read(slot).status !== 'Completed';
    },
  );
  const archived = round.each(dealOut(plan.archives, ['matters', 'contacts']), (entity, slot) => {
    archiveRecord(context, entity, slot);
  });
  const added = round.add(dealOut(plan.adds));
  return { deleted, edited, completed, archived, added, touched: [...round.touched] };
}

type Counts = Readonly<Record<Entity, number>>;

/** One round: what it has chosen so far, and which accounts it moved along. */
class Round {
  readonly touched = new Set<string>();
  readonly #context: ChangeContext;
  readonly #seed: number;
  readonly #chosen: Record<Entity, Set<number>>;
  #picks = 0;

  constructor(context: ChangeContext, seed: number) {
    this.#context = context;
    this.#seed = seed;
    this.#chosen = perEntity(() => new Set());
  }

  /** Chooses live records at random and acts on each. Fewer exist than asked for: all of them. */
  each(
    counts: Counts,
    act: (entity: Entity, slot: number) => void,
    fits: (slot: number) => boolean = () => true,
  ): IdsByEntity {
    const ids = noIds();
    for (const entity of ENTITIES) {
      for (const slot of this.#choose(entity, counts[entity], fits)) {
        act(entity, slot);
        ids[entity].push(this.#idOf(entity, slot));
        if (entity === 'contacts') this.#touchAccountOf(slot);
      }
    }
    return ids;
  }

  /** Adds records below live parents chosen at random. */
  add(counts: Counts): IdsByEntity {
    const ids = noIds();
    for (const entity of ENTITIES) {
      const parents = PARENTS[entity];
      for (let at = 0; at < counts[entity]; at++) {
        const parent = parents ? this.#anyOf(parents) : undefined;
        const slot = addRecord(this.#context, entity, {}, parent);
        this.#chosen[entity].add(slot);
        ids[entity].push(this.#idOf(entity, slot));
        if (entity === 'contacts') this.#touchAccountOf(slot);
      }
    }
    return ids;
  }

  #choose(entity: Entity, count: number, fits: (slot: number) => boolean): number[] {
    if (count === 0) return [];
    const chosen = this.#chosen[entity];
    const pool = [...this.#context.tables.of[entity].liveSlots()].filter((slot) => !chosen.has(slot));
    const roll = die(this.#seed, `choice ${entity} ${this.#picks++}`);
    const picked: number[] = [];
    for (let left = pool.length; left > 0 && picked.length < count; left--) {
      const at = roll(left) % left;
      const slot = pool[at] as number;
      pool[at] = pool[left - 1] as number;
      if (!fits(slot)) continue;
      chosen.add(slot);
      picked.push(slot);
    }
    return picked;
  }

  #anyOf(entity: Entity): number | undefined {
    const table = this.#context.tables.of[entity];
    if (table.size === 0) return undefined;
    const roll = die(this.#seed, `parent ${this.#picks++}`);
    for (let attempt = 0; ; attempt++) {
      const slot = roll(attempt) % table.slots;
      if (table.isLive(slot)) return slot;
    }
  }

  #touchAccountOf(contact: number): void {
    const { members } = this.#context.tables;
    this.touched.add(this.#idOf('accounts', members.accountOf(contact)));
  }

  #idOf(entity: Entity, slot: number): string {
    return this.#context.tables.of[entity].source.ids.idOf(slot);
  }
}
