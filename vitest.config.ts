import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    environment: 'node',
    pool: 'threads',
    // Every file would load the SDK anew, which takes as long as the tests: what they share is not changed by them.
    isolate: false,
    // By default one processor is left for the runner, which needs hardly any.
    maxWorkers: '100%',
    // For a test that hangs: a busy machine must not make one fail.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' },
  },
});
