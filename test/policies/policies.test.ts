// A function misses each permission that is taken away: a bounded part of what `npm run prove:policies` goes through.
import { beforeAll, expect, it } from 'vitest';
import { missedBy, type Played, playWith } from './prove.ts';
import { type Policies, type Removal, removalsOf, synthesisedPolicies } from './removals.ts';
import { scenarios } from './scenarios.ts';

let policies: Policies;
let played: Played[];
let removals: readonly Removal[];
beforeAll(async () => {
  policies = synthesisedPolicies();
  removals = removalsOf(policies);
  const signed = scenarios.filter(({ name }) => name === 'a signed route');
  played = await Promise.all(signed.map(scenario => playWith(scenario, policies)));
}, 60_000);

it('a route is provisioned under the policies of the synthesised template', () => {
  expect(played.map(({ outcome }) => outcome)).toEqual([expect.stringContaining('"status":"SUCCEEDED"')]);
});

it.each([
  ['CreateRole', 'iam:CreateRole'],
  ['CreateRole', 'iam:PutRolePolicy'],
  ['CreateRole', 'iam:TagRole'],
  ['CreateRestApi', 'apigateway:POST'],
  ['CreateRestApi', 'apigateway:PUT'],
  ['PutIntegration', 'iam:PassRole'],
  ['CreateDeployment', 'apigateway:PUT'],
  ['VerifyStage', 'execute-api:Invoke'],
  ['RecordOutcome', 'dynamodb:PutItem'],
])('without %s %s it is not', async (functionName, what) => {
  const removal = removals.find(one => one.functionName === functionName && one.what === what);
  expect(removal).toBeDefined();
  if (removal) expect(await missedBy(removal, policies, played)).toBeDefined();
});
