import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['./scripts/fresh-bundles.mjs', '@syncline/testing/global-setup'],
    pool: 'forks',
    // What tests share is theirs by name (a database, a key prefix, a port), never by a module's state: the files of a
    // worker load the libraries once, which is a third of the time of all tests.
    isolate: false,
    // What is built is loaded as it is: nothing of it is to be transformed once more, which takes most of an import's time.
    server: { deps: { external: [/\/dist\//] } },
    // Much of the time of many tests is spent waiting for other processes and for locks to end; fewer would
    // leave two cores idle.
    maxWorkers: 4,
    // When something hangs, not when it is slow: a machine may be several times slower than usual.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
