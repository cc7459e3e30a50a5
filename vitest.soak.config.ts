import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';

/** What takes too long for every push: many seeds, outages of minutes. By hand, or at night. */
export default defineConfig({
  test: {
    include: ['test/soak/**/*.soak.ts'],
    globalSetup: ['./scripts/fresh-bundles.mjs', '@syncline/testing/global-setup'],
    // Printed by whoever uses it.
    env: { SYNCLINE_TEST_SEED: process.env['SYNCLINE_TEST_SEED'] ?? String(randomInt(2 ** 31)) },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30 * 60_000,
    hookTimeout: 60_000,
  },
});
