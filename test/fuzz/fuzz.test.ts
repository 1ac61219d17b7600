// A sample of what npm run fuzz tries, from a fixed seed.
import { expect, it } from 'vitest';
import { fuzzedInput } from './inputs.ts';
import { tryInput } from './try-input.ts';

it('refuses hostile inputs without an AWS call, and plans only what IAM and API Gateway take', async () => {
  const outcomes = { accepted: 0, refused: 0 };
  for (let seed = 1; seed <= 1500; seed++) {
    const { outcome, violations } = await tryInput(fuzzedInput(seed));
    outcomes[outcome] += 1;
    expect([seed, violations]).toEqual([seed, []]);
  }
  // Neither is a trivial success: both kinds occur often.
  expect(outcomes.accepted).toBeGreaterThan(150);
  expect(outcomes.refused).toBeGreaterThan(500);
});
