// The tests that a mutation run takes its verdicts from: MUTATION_TESTS, a JSON list.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: JSON.parse(process.env.MUTATION_TESTS ?? '[]'),
    // One worker imports everything once, whatever the number of files.
    isolate: false,
    env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' },
  },
});
