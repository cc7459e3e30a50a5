import { type Check, type Finding, skipped } from '../check.js';
import type { Scene } from '../scene.js';

type Engine = NonNullable<Scene['engine']>;
type Redis = NonNullable<Scene['redis']>;

/** A check that needs Postgres; it is skipped where that cannot be reached, which another check says. */
export function inPostgres(look: (engine: Engine, scene: Scene) => Promise<Finding>): Check['look'] {
  return async (scene) => {
    if (scene.engine === undefined || scene.noPostgres !== undefined) return skipped('Postgres cannot be looked at.');
    return look(scene.engine, scene);
  };
}

/** The same for Redis. */
export function inRedis(look: (redis: Redis, scene: Scene) => Promise<Finding>): Check['look'] {
  return async (scene) => {
    if (scene.redis === undefined || scene.noRedis !== undefined) return skipped('Redis cannot be looked at.');
    return look(scene.redis, scene);
  };
}

/** The same for both of them. */
export function inBoth(look: (engine: Engine, scene: Scene) => Promise<Finding>): Check['look'] {
  return async (scene) => {
    if (scene.noRedis !== undefined) return skipped('Redis cannot be looked at.');
    return inPostgres(look)(scene);
  };
}

/** What several checks look at, read once for all of a scene's. */
export function once<From, T>(
  read: (from: From, scene: Scene) => Promise<T>,
): (from: From, scene: Scene) => Promise<T> {
  const known = new WeakMap<Scene, Promise<T>>();
  return (from, scene) => {
    const found = known.get(scene) ?? read(from, scene);
    known.set(scene, found);
    return found;
  };
}
