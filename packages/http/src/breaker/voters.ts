import type { Cluster, Redis } from 'ioredis';
import { Script } from '../redis/script.js';
import { withinPatience } from '../redis/within-patience.js';

const alive = new Script('voter-alive');

/** How long a worker that gives no sign of life any more is still counted. */
export const registrationMs = 10_000;
const renewalMs = 3_000;
/** After Redis was emptied: by then every worker has registered again, unless it is away. */
export const completeAfterMs = renewalMs + 1_000;

/** The workers, and since when there have been some. */
export function voterKeys(prefix: string): [string, string] {
  return [`${prefix}:voters`, `${prefix}:voters:since`];
}

/** Keeps a worker registered among those that vote on circuits, until it leaves. */
export class Registration {
  readonly #redis: Redis | Cluster;
  readonly #keys: [string, string];
  readonly #bootId: string;
  readonly #timer: NodeJS.Timeout;
  #pending = false;

  constructor(redis: Redis | Cluster, prefix: string, bootId: string) {
    this.#redis = redis;
    this.#keys = voterKeys(prefix);
    this.#bootId = bootId;
    this.#timer = setInterval(() => this.#renew(), renewalMs).unref();
    this.#renew();
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await withinPatience(alive.run(this.#redis, this.#keys, [this.#bootId, 0])).catch(() => {});
  }

  #renew(): void {
    // A Redis that is away shall not find a pile of them when it comes back.
    if (this.#pending) return;
    this.#pending = true;
    void alive
      .run(this.#redis, this.#keys, [this.#bootId, registrationMs])
      .catch(() => {})
      .finally(() => {
        this.#pending = false;
      });
  }
}
