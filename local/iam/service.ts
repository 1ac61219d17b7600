// The embedded IAM: roles, their policies and boundaries, and what a principal could do.
import type * as Iam from '@aws-sdk/client-iam';
import type { Aws, CallContext, Caller, Service } from '../service.ts';
import { authorizeIam } from './authorize.ts';
import { noSuchEntity, validationError } from './errors.ts';
import { decide } from './evaluate.ts';
import { findRoleByArn } from './model.ts';
import { policyOperations } from './policies.ts';
import { rolePolicyOperations } from './role-policies.ts';
import { roleSettingOperations } from './role-settings.ts';
import { roleOperations } from './roles.ts';

export function iamService(aws: Aws): Service {
  return {
    operations: {
      ...roleOperations(aws),
      ...roleSettingOperations(aws),
      ...rolePolicyOperations(aws),
      ...policyOperations(aws),
      GetUser: (input: Iam.GetUserCommandInput, call: CallContext) => getUser(aws, input, call.caller),
      SimulatePrincipalPolicy: (input: Iam.SimulatePrincipalPolicyCommandInput) => simulate(aws, input),
    },
    authorize: (operation, input) => authorizeIam(aws, operation, input),
  };
}

/** The account has no users besides its root. */
function getUser(aws: Aws, { UserName }: Iam.GetUserCommandInput, caller: Caller): object {
  if (UserName !== undefined) throw noSuchEntity(`The user with name ${UserName} cannot be found.`);
  if (caller.roleArn !== undefined) {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  return { User: { UserId: aws.account, Arn: caller.arn } };
}

function simulate(aws: Aws, input: Iam.SimulatePrincipalPolicyCommandInput): Iam.SimulatePolicyResponse {
  const role = findRoleByArn(aws, input.PolicySourceArn ?? '');
  if (!role) throw noSuchEntity(`The role with name ${input.PolicySourceArn} cannot be found.`);
  const caller: Caller = { account: aws.account, arn: role.arn, roleArn: role.arn, accessKeyId: '' };
  const conditions = Object.fromEntries(
    (input.ContextEntries ?? []).map(entry => [entry.ContextKeyName ?? '', entry.ContextKeyValues ?? []]),
  );
  const results = (input.ActionNames ?? []).flatMap(action =>
    (input.ResourceArns ?? ['*']).map((resource): Iam.EvaluationResult => {
      const decision = decide(aws, caller, { action, resource, conditions });
      const denied = decision.startsWith('explicit deny') ? 'explicitDeny' : 'implicitDeny';
      const EvalDecision = decision === 'allowed' ? 'allowed' : denied;
      return { EvalActionName: action, EvalResourceName: resource, EvalDecision };
    }),
  );
  return { EvaluationResults: results, IsTruncated: false };
}
