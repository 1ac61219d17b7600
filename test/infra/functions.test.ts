// Each function of the synthesised stack may do exactly what its step names, as it may in the embedded account.
import type { Template } from 'aws-cdk-lib/assertions';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { embeddedSettings, functionPolicy } from '../../cli/embedded.ts';
import { allFunctions, type StateFunction } from '../../statemachine/functions.ts';
import { type DeployedFunction, deployedFunctions, synthesise } from './synthesised.ts';

let template: Template;
let deployed: ReadonlyMap<string, DeployedFunction>;
beforeAll(() => {
  ({ template } = synthesise());
  deployed = new Map(deployedFunctions(template).map(made => [made.name, made]));
}, 60_000);

const ofState = ({ name }: StateFunction) => deployed.get(`service-proxy-${name}`);
const states = allFunctions().map(state => [state.name, state] as const);
const one = <T>(value: readonly T[] | undefined) => (value?.length === 1 ? value[0] : value);

describe.each(states)('the function of %s', (name, state) => {
  it('has the policy that the embedded AWS enforces in every scenario', () => {
    // IAM takes a list of one and a single text alike; CDK writes the text.
    const { Statement } = JSON.parse(JSON.stringify(functionPolicy(state.permissions)));
    expect(ofState(state)?.policies.State).toEqual(
      Statement.map((statement: Record<string, string[]>) => ({
        ...statement,
        Action: one(statement.Action),
        Resource: one(statement.Resource),
      })),
    );
  });

  it('writes its own log and has no further policy', () => {
    const { Log, State: _, ...others } = ofState(state)?.policies ?? {};
    expect(others).toEqual({});
    expect(Log).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/service-proxy-${name}:*`,
      },
    ]);
  });

  it('names no wildcard action and no wildcard resource', () => {
    for (const { actions, resources } of state.permissions) {
      expect(actions.filter(action => action.includes('*'))).toEqual([]);
      // Step Functions knows no resource for the answer to a task: its token is what counts.
      const hasNoResource = actions.every(action => action.startsWith('states:SendTask'));
      if (!hasNoResource) expect(resources).not.toContain('*');
    }
  });

  it('changes roles below the path of the product only, and makes none without the boundary', () => {
    const statements = (ofState(state)?.policies.State ?? []).flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().map(action => ({ action, resources: [Resource].flat(), Condition })),
    );
    const path = 'arn:aws:iam::000000000000:role/service-proxy/*';
    for (const { action, resources, Condition } of statements.filter(({ action }) =>
      action.startsWith('iam:'),
    )) {
      if (action === 'iam:GetRole') continue;
      expect(resources, action).toEqual([path]);
      if (/:(CreateRole|PutRolePolicy)$/.test(action)) {
        const { permissionsBoundary } = embeddedSettings;
        expect(Condition).toEqual({ StringEquals: { 'iam:PermissionsBoundary': permissionsBoundary } });
      }
      if (action === 'iam:PassRole') {
        expect(Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } });
      }
    }
  });

  it('runs on the newest Node.js that CDK knows, on ARM', () => {
    const versions = Runtime.ALL.map(({ name }) => Number(/^nodejs(\d+)\.x$/.exec(name)?.[1] ?? 0));
    const newest = `nodejs${Math.max(...versions)}.x`;
    expect(ofState(state)?.properties).toMatchObject({ Runtime: newest, Architectures: ['arm64'] });
  });

  it('has the settings the embedded functions have, but for where the data plane and the archive are', () => {
    const { deploymentIntervalSeconds: _, invokeUrl: __, archive: ___, ...settings } = embeddedSettings;
    expect(ofState(state)?.settings).toMatchObject(settings);
  });
});
