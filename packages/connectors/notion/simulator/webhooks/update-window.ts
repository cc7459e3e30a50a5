import type { Courier } from '../../../simulation/webhooks/courier.js';
import type { PageChange, StoreChange } from '../changes.js';

type Publish = (change: StoreChange) => void;

/** Makes one event of the updates of a page that follow each other closely; anything else goes through at once. */
export class UpdateWindow {
  readonly #courier: Courier;
  readonly #publish: Publish;
  readonly #open = new Map<string, PageChange>();

  constructor(courier: Courier, publish: Publish) {
    this.#courier = courier;
    this.#publish = publish;
  }

  add(change: StoreChange, windowMs: number): void {
    const isUpdate = change.kind === 'page' && change.what.endsWith('_updated');
    if (!isUpdate || windowMs <= 0) {
      this.#publish(change);
      return;
    }
    const key = `${change.what} ${change.pageId}`;
    const earlier = this.#open.get(key);
    this.#open.set(key, {
      ...change,
      properties: [...new Set([...(earlier?.properties ?? []), ...change.properties])],
      blocks: [...new Set([...(earlier?.blocks ?? []), ...change.blocks])],
    });
    if (earlier !== undefined) return;
    this.#courier.later(windowMs, () => {
      const merged = this.#open.get(key);
      this.#open.delete(key);
      if (merged !== undefined) this.#publish(merged);
    });
  }
}
