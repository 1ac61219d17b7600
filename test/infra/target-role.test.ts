// The role that another account makes for the product: whom it trusts, and that it bounds what it may make.
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { ServiceProxyTargetStack } from '../../infra/target-role.ts';
import { targetPermissions } from '../../statemachine/target-role.ts';
import { deployedFunctions, synthesise } from './synthesised.ts';

const roleArn = 'arn:aws:iam::111122223333:role/ServiceProxyTarget';

it('trusts the functions of the deployment, under the external id that was agreed upon', () => {
  const template = Template.fromStack(new ServiceProxyTargetStack(new App(), 'Target')).toJSON();
  const role = Object.values(template.Resources as Record<string, { Type: string; Properties: object }>).find(
    ({ Type }) => Type === 'AWS::IAM::Role',
  );
  const { AssumeRolePolicyDocument: trust } = (role?.Properties ?? {}) as Record<string, unknown>;
  expect(trust).toMatchObject({
    Statement: [
      {
        Action: 'sts:AssumeRole',
        Condition: {
          ArnLike: { 'aws:PrincipalArn': expect.anything() },
          StringEquals: {
            'Fn::If': ['HasExternalId', { 'sts:ExternalId': { Ref: 'ExternalId' } }, { Ref: 'AWS::NoValue' }],
          },
        },
      },
    ],
  });
  const making = targetPermissions().filter(({ actions }) => actions.includes('iam:CreateRole'));
  expect(making).toMatchObject([
    { conditions: { StringEquals: { 'iam:PermissionsBoundary': '{boundary}' } } },
  ]);
});

it('is assumed by the functions that change or look at APIs alone, and by none where none is configured', () => {
  const mayAssume = (configuration: Parameters<typeof synthesise>[0]) =>
    deployedFunctions(synthesise(configuration).template).flatMap(({ name, policies }) =>
      (policies.State ?? [])
        .filter(({ Action }) => [Action].flat().includes('sts:AssumeRole'))
        .map(({ Resource }) => [name, Resource] as const),
    );
  expect(mayAssume({})).toEqual([]);
  const given = mayAssume({ targetRoles: [{ roleArn }], targetRegions: ['eu-west-1'] });
  expect(new Set(given.map(([, resource]) => [resource].flat().join()))).toEqual(new Set([roleArn]));
  const names = given.map(([name]) => name.replace('service-proxy-', ''));
  expect(names).toEqual(expect.arrayContaining(['PlanChanges', 'CreateRole', 'DeleteRestApi', 'Sweep']));
  for (const name of ['Watchdog', 'DecideApproval', 'ReleaseLock', 'RequestApproval', 'StartRequest'])
    expect(names).not.toContain(name);
}, 60_000);
