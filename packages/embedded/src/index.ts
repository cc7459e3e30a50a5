export { EmbeddedError } from './embedded-error.js';
export type { EmbeddedOptions, EmbeddedPart, EmbeddedServices } from './options.js';
export { startEmbedded } from './start-embedded.js';
