// The tests a mutation run takes its verdicts from: those on the account in memory, which need no engine and no wire.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/handlers/!(*.property).test.ts',
      'test/core/errors.test.ts',
      'test/statemachine/*.test.ts',
    ],
    // One worker imports everything once, whatever the number of files.
    isolate: false,
    env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' },
  },
});
