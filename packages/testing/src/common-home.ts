import { fileURLToPath } from 'node:url';

/** Where a whole test run keeps what it had to fetch, a Redis for example: fetched once, used by all. */
export const commonHome = process.env['SYNCLINE_HOME'] ?? fileURLToPath(new URL('../../../.syncline', import.meta.url));
