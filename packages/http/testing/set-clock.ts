import type { Redis } from 'ioredis';

/** A clock for scripts that the test sets: Redis' own cannot be. */
export class SetClock {
  /** About today, so that a double just carries the microseconds. */
  static readonly epoch = 1_790_000_000_000_000;
  /** Takes the place of lua/clock.lua. Keys do not expire under it: that would go by the real time. */
  readonly lua: string;
  readonly #key: string;

  constructor(prefix: string) {
    this.#key = `${prefix}:clock`;
    this.lua = `
local now = tonumber(redis.call('GET', '${this.#key}'))
local function exact(number)
  return string.format('%.0f', number)
end
local server = redis
local redis = {
  call = function(command, ...)
    if command == 'PEXPIRE' then
      return 1
    end
    if command == 'SET' then
      local key, value = ...
      return server.call('SET', key, value)
    end
    return server.call(command, ...)
  end,
}`;
  }

  /** For the scripts that are sent after it over the same connection. */
  async set(redis: Redis, micros: number): Promise<void> {
    await redis.set(this.#key, String(Math.round(micros)));
  }
}
