// Session credentials for a role, once its trust policy lets the principal have them.
import { issueSession } from './credentials.ts';
import { effect } from './iam/evaluate.ts';
import { findRoleByArn } from './iam/model.ts';
import { namesPrincipal, statementsOf } from './iam/statements.ts';
import { type Aws, type Credentials, ServiceError } from './service.ts';

/** What a service gets for a role that trusts it; the roles of functions and state machines are assumed so. */
export function assumeRoleAs(
  aws: Aws,
  roleArn: string,
  servicePrincipal: string,
  sessionName: string,
): Credentials {
  const role = findRoleByArn(aws, roleArn);
  const trusting = role
    ? statementsOf(role.trustPolicy).filter(statement =>
        namesPrincipal(statement, 'Service', [servicePrincipal]),
      )
    : [];
  const context = { 'aws:sourceaccount': aws.account };
  if (!role || effect(trusting, { action: 'sts:AssumeRole', resource: roleArn, context }) !== 'Allow') {
    const message = `User: ${servicePrincipal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw new ServiceError('AccessDenied', 403, message);
  }
  return issueSession({ roleArn, sessionName, expiration: aws.clock.now() + role.maxSessionDuration * 1000 });
}
