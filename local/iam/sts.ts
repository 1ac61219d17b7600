// The embedded STS: who a caller is, and sessions of roles.
import { issueSession } from '../credentials.ts';
import { type Aws, type Service, ServiceError } from '../service.ts';
import { findRoleByArn } from './model.ts';
import { namesPrincipal, statementsOf } from './statements.ts';

interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
}

export function stsService(_aws: Aws): Service {
  return {
    operations: {
      GetCallerIdentity: (_input, { caller }) => ({
        UserId: caller.roleArn === undefined ? caller.account : caller.accessKeyId,
        Account: caller.account,
        Arn: caller.arn,
      }),
      AssumeRole({ RoleArn, RoleSessionName, DurationSeconds = 3600 }: AssumeRoleInput, { aws, caller }) {
        const role = findRoleByArn(aws, RoleArn);
        const root = `arn:${aws.partition}:iam::${aws.account}:root`;
        const principals = [caller.arn, caller.roleArn ?? root, root, aws.account];
        const isTrusted =
          role &&
          statementsOf(role.trustPolicy).some(
            statement => statement.Effect === 'Allow' && namesPrincipal(statement, 'AWS', principals),
          );
        if (!role || !isTrusted) {
          throw new ServiceError(
            'AccessDenied',
            403,
            `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
          );
        }
        const expiration = aws.clock.now() + DurationSeconds * 1000;
        const session = issueSession({ roleArn: RoleArn, sessionName: RoleSessionName, expiration });
        return {
          Credentials: {
            AccessKeyId: session.accessKeyId,
            SecretAccessKey: session.secretAccessKey,
            SessionToken: session.sessionToken,
            Expiration: new Date(expiration),
          },
          AssumedRoleUser: {
            AssumedRoleId: `${role.id}:${RoleSessionName}`,
            Arn: `arn:${aws.partition}:sts::${aws.account}:assumed-role/${role.name}/${RoleSessionName}`,
          },
        };
      },
    },
    // Anyone may ask who they are; AssumeRole is decided by the role's trust policy and the caller's own policies.
    authorize: (operation, input) =>
      operation === 'AssumeRole' ? [{ action: 'sts:AssumeRole', resource: String(input.RoleArn) }] : [],
  };
}
