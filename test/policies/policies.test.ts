// A function misses each permission that is taken away: a bounded part of what `npm run prove:policies` goes through.
import { beforeAll, expect, it } from 'vitest';
import { missedBy, type Play, type Played, play, undeclared } from './prove.ts';
import { type Policies, type Removal, removalsOf, synthesisedPolicies } from './removals.ts';
import { scenarios } from './scenarios.ts';

const playNamed: Play = (name, policies) => {
  const scenario = scenarios.find(one => one.name === name);
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  return play(scenario, policies);
};

let policies: Policies;
let played: Played[];
let removals: readonly Removal[];
beforeAll(async () => {
  policies = synthesisedPolicies();
  removals = removalsOf(policies);
  played = [
    await playNamed('a signed route', policies),
    await playNamed('a changed route that fails at the end', policies),
  ];
});

it('a route is provisioned under the policies of the synthesised template', () => {
  expect(played.map(({ outcome }) => outcome)).toEqual([
    expect.stringContaining('SUCCEEDED'),
    expect.stringContaining('"rolledBack'),
  ]);
});

it('no function makes a call that it has not declared', () => {
  expect(undeclared(policies, played)).toEqual([]);
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
  if (removal) expect(await missedBy(removal, policies, played, playNamed)).toBeDefined();
});
