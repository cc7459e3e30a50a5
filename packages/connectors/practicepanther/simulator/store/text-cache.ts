import { ENTITIES, type Entity } from '../data/entities.js';

type Generation = Readonly<Record<Entity, Map<number, Buffer>>>;

/**
 * Rendered records, bounded by bytes. Two generations: when the young one is full it becomes the old one and the
 * old one is dropped, which keeps what is in use without bookkeeping on every read.
 */
export class TextCache {
  readonly #generationBytes: number;
  #young = emptyGeneration();
  #old = emptyGeneration();
  #youngBytes = 0;

  constructor(limitBytes: number) {
    this.#generationBytes = limitBytes / 2;
  }

  get(entity: Entity, slot: number): Buffer | undefined {
    const young = this.#young[entity].get(slot);
    if (young) return young;
    const old = this.#old[entity].get(slot);
    if (old) this.set(entity, slot, old);
    return old;
  }

  set(entity: Entity, slot: number, text: Buffer): void {
    if (this.#youngBytes + text.length > this.#generationBytes) {
      this.#old = this.#young;
      this.#young = emptyGeneration();
      this.#youngBytes = 0;
    }
    this.#young[entity].set(slot, text);
    this.#youngBytes += text.length;
  }

  forget(entity: Entity, slot: number): void {
    this.#young[entity].delete(slot);
    this.#old[entity].delete(slot);
  }

  clear(): void {
    this.#young = emptyGeneration();
    this.#old = emptyGeneration();
    this.#youngBytes = 0;
  }
}

function emptyGeneration(): Generation {
  return Object.fromEntries(ENTITIES.map((entity) => [entity, new Map()])) as unknown as Generation;
}
