// The embedded STS: who a caller is, and sessions of roles.
import type * as Sts from '@aws-sdk/client-sts';
import { issueSession } from '../credentials.ts';
import type { Aws, CallContext, Caller, Service } from '../service.ts';
import { accessDenied, validationError } from './errors.ts';
import { contextOf, decide, effect } from './evaluate.ts';
import { findRoleByArn, type RoleDocument } from './model.ts';
import { namesPrincipal, statementsOf } from './statements.ts';
import { checkDuration, checkName } from './validate.ts';

const sessionNameOf = (caller: Caller) => caller.arn.slice(caller.arn.lastIndexOf('/') + 1);

export function stsService(aws: Aws): Service {
  return {
    operations: {
      GetCallerIdentity(_input: object, { caller }: CallContext): Sts.GetCallerIdentityResponse {
        const role = caller.roleArn === undefined ? undefined : findRoleByArn(aws, caller.roleArn);
        const UserId = role ? `${role.id}:${sessionNameOf(caller)}` : caller.account;
        return { UserId, Account: caller.account, Arn: caller.arn };
      },
      AssumeRole: (input: Sts.AssumeRoleCommandInput, { caller }: CallContext) =>
        assumeRole(aws, input, caller),
    },
    // Anyone may ask who they are. For AssumeRole the role's trust policy decides together with the caller's own.
    authorize: () => [],
  };
}

function assumeRole(aws: Aws, input: Sts.AssumeRoleCommandInput, caller: Caller): Sts.AssumeRoleResponse {
  const sessionName = checkName('roleSessionName', input.RoleSessionName);
  const roleArn = input.RoleArn ?? '';
  const duration = checkDuration(input.DurationSeconds ?? 3600, 'durationSeconds', 900);
  const account = /^arn:[\w-]+:iam::(\d{12}):role\//.exec(roleArn)?.[1] ?? aws.account;
  const role = findRoleByArn(aws.at(account, aws.region), roleArn);
  if (!role || !mayAssume(aws, caller, role, input)) {
    throw accessDenied(
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  // A session of a role that another session assumes lasts an hour at most (role chaining).
  const longest = caller.roleArn === undefined ? role.maxSessionDuration : 3600;
  if (duration > longest) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const expiration = aws.clock.now() + duration * 1000;
  const session = issueSession({ roleArn, sessionName, expiration });
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(expiration),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: `arn:${aws.partition}:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    },
  };
}

/**
 * In one account a trust policy that names the caller suffices; one that names the account leaves it to the caller's
 * own policies. A role of another account takes both: its trust, and the caller's policies.
 */
function mayAssume(
  aws: Aws,
  caller: Caller,
  role: RoleDocument,
  { ExternalId, RoleSessionName }: Sts.AssumeRoleCommandInput,
): boolean {
  const root = `arn:${aws.partition}:iam::${caller.account}:root`;
  const self = [caller.arn, ...(caller.roleArn === undefined ? [] : [caller.roleArn])];
  const context = contextOf({
    'aws:PrincipalArn': caller.roleArn ?? caller.arn,
    'aws:PrincipalAccount': caller.account,
    ...(ExternalId !== undefined && { 'sts:ExternalId': ExternalId }),
    ...(RoleSessionName !== undefined && { 'sts:RoleSessionName': RoleSessionName }),
  });
  const request = { action: 'sts:AssumeRole', resource: role.arn, context };
  const trusting = (names: readonly string[]) =>
    effect(
      statementsOf(role.trustPolicy).filter(statement => namesPrincipal(statement, 'AWS', names)),
      request,
    );
  const own = decide(aws, caller, { action: 'sts:AssumeRole', resource: role.arn });
  const accountItself = [root, caller.account];
  if (own.startsWith('explicit deny') || trusting([...self, ...accountItself]) === 'Deny') return false;
  const isSameAccount = role.arn.split(':')[4] === caller.account;
  if (isSameAccount && trusting(self) === 'Allow') return true;
  return trusting([...self, ...accountItself]) === 'Allow' && own === 'allowed';
}
