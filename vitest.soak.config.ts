import { defineConfig } from 'vitest/config';

/** What takes too long for every push: many seeds, outages of minutes. By hand, or at night. */
export default defineConfig({
  test: {
    include: ['test/soak/**/*.soak.ts'],
    globalSetup: ['@syncline/testing/global-setup'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30 * 60_000,
    hookTimeout: 60_000,
  },
});
