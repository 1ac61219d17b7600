// Session credentials for a role, once its trust policy lets the principal have them.
import { issueSession } from './credentials.ts';
import { effect } from './iam/evaluate.ts';
import { findRoleByArn } from './iam/model.ts';
import { namesPrincipal, statementsOf } from './iam/statements.ts';
import { type Aws, type Credentials, ServiceError } from './service.ts';

/**
 * Services that do not say for which account they assume a role, so that a trust policy which demands it locks them
 * out: seen on AWS for API Gateway, whose log then says that it may not assume the role
 * (https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479).
 */
const saysNoSource = new Set(['apigateway.amazonaws.com']);

/** What a service gets for a role that trusts it; the roles of functions and state machines are assumed so. */
export function assumeRoleAs(
  aws: Aws,
  roleArn: string,
  servicePrincipal: string,
  sessionName: string,
  propagation = 0,
): Credentials {
  const role = findRoleByArn(aws, roleArn);
  const trusting = role
    ? statementsOf(role.trustPolicy).filter(statement =>
        namesPrincipal(statement, 'Service', [servicePrincipal]),
      )
    : [];
  const context = saysNoSource.has(servicePrincipal) ? {} : { 'aws:sourceaccount': aws.account };
  const isSpreading = role !== undefined && aws.clock.now() < role.changedAt + propagation;
  if (
    !role ||
    isSpreading ||
    effect(trusting, { action: 'sts:AssumeRole', resource: roleArn, context }) !== 'Allow'
  ) {
    const message = `User: ${servicePrincipal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw new ServiceError('AccessDenied', 403, message);
  }
  return issueSession({ roleArn, sessionName, expiration: aws.clock.now() + role.maxSessionDuration * 1000 });
}
