export { EmbeddedError } from './embedded-error.js';
export type { EmbeddedOptions, EmbeddedPart, EmbeddedServices } from './options.js';
export { redisCommand } from './redis/redis-command.js';
export { startEmbedded } from './start-embedded.js';
