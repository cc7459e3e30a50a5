import { defineConfig } from 'vitest/config';

/** The image and the compose file, on a Docker engine: npm run test:docker. Not part of npm test. */
export default defineConfig({
  test: {
    include: ['test/docker/**/*.docker.ts'],
    globalSetup: ['test/docker/build-images.ts'],
    pool: 'forks',
    // Each file brings a whole installation up.
    fileParallelism: false,
    testTimeout: 5 * 60_000,
    hookTimeout: 5 * 60_000,
  },
});
