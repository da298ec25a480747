import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-postgres.ts'],
    // Limits against hanging, not measurements: real servers, builds and containers share two cores here.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Machines of CI are shared and noisy: a test that fails is given one more chance there, and the run says that it was.
    retry: process.env.CI === undefined ? 0 : 1,
    // Colours are for terminals; where CI is set, picocolors takes that for one.
    env: { NO_COLOR: '1' },
    pool: 'forks',
    maxWorkers: 2,
  },
});
