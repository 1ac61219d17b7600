// What another account needs so that APIs can be placed there: the role to assume, and the boundary of the routes' roles.
import { Aws, CfnCondition, CfnOutput, CfnParameter, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { boundaryDocument } from '../statemachine/boundary.ts';
import { boundaryPolicy } from '../statemachine/settings.ts';
import { targetRolePolicy, targetTrustPolicy } from '../statemachine/target-role.ts';
import { type Configuration, defaults } from './configuration.ts';

export interface ServiceProxyTargetRoleProps {
  /** Account that service-proxy is deployed in. */
  readonly deploymentAccount: string;
  /** What an input must give as `target.externalId`. */
  readonly externalId?: string;
  /** Pattern of the ARNs of the functions' roles; default: those of a stack `ServiceProxyStack`. */
  readonly trusted?: string;
  /** Of these, `deny`, `accounts` and `regions` bound the routes' roles, `targetRegions` the role itself. */
  readonly configuration?: Partial<Configuration>;
  readonly roleName?: string;
}

export class ServiceProxyTargetRole extends Construct {
  readonly role: CfnRole;

  constructor(
    scope: Construct,
    id: string,
    { deploymentAccount, externalId, configuration, roleName, trusted }: ServiceProxyTargetRoleProps,
  ) {
    super(scope, id);
    const { deny, accounts, regions, targetRegions } = { ...defaults, ...configuration };
    const boundary = new CfnManagedPolicy(this, 'Boundary', {
      managedPolicyName: boundaryPolicy.name,
      path: boundaryPolicy.path,
      description: 'Bounds every role that service-proxy makes for a route in this account',
      policyDocument: boundaryDocument({ deny, ...(accounts && { accounts }), ...(regions && { regions }) }),
    });
    const home = {
      partition: Aws.PARTITION,
      account: deploymentAccount,
      trusted: trusted ?? `arn:${Aws.PARTITION}:iam::${deploymentAccount}:role/ServiceProxyStack-*`,
    };
    const target = { partition: Aws.PARTITION, account: Aws.ACCOUNT_ID, region: Aws.REGION };
    this.role = new CfnRole(this, 'Role', {
      roleName: roleName ?? 'ServiceProxyTarget',
      description: 'Assumed by service-proxy of another account, to make APIs here',
      assumeRolePolicyDocument: targetTrustPolicy(home, externalId),
      policies: [
        {
          policyName: 'service-proxy',
          policyDocument: targetRolePolicy({ ...target, boundary: boundary.ref }, targetRegions),
        },
      ],
    });
  }
}

/** The role as a stack of its own, with parameters: for accounts that are not the CDK app's. */
export class ServiceProxyTargetStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { configuration, ...props }: StackProps & Pick<ServiceProxyTargetRoleProps, 'configuration'> = {},
  ) {
    super(scope, id, { description: 'service-proxy: lets it make APIs in this account', ...props });
    const parameter = (name: string, description: string, Default?: string) =>
      new CfnParameter(this, name, { description, ...(Default !== undefined && { default: Default }) })
        .valueAsString;
    const deploymentAccount = parameter('DeploymentAccount', 'Account that service-proxy is deployed in');
    const externalId = parameter(
      'ExternalId',
      'What inputs must give as target.externalId; may be empty',
      '',
    );
    const { role } = new ServiceProxyTargetRole(this, 'Target', {
      deploymentAccount,
      externalId,
      ...(configuration && { configuration }),
    });
    const isAgreed = new CfnCondition(this, 'HasExternalId', {
      expression: Fn.conditionNot(Fn.conditionEquals(externalId, '')),
    });
    const demanded = 'AssumeRolePolicyDocument.Statement.0.Condition.StringEquals';
    role.addPropertyOverride(
      demanded,
      Fn.conditionIf(isAgreed.logicalId, { 'sts:ExternalId': externalId }, Aws.NO_VALUE),
    );
    new CfnOutput(this, 'RoleArn', { value: role.attrArn });
  }
}
