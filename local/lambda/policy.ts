// Resource policies of functions: who besides the roles of the account may invoke them.
import type * as Sdk from '@aws-sdk/client-lambda';
import { contextOf, effect } from '../iam/evaluate.ts';
import { namesPrincipal, statementsOf } from '../iam/statements.ts';
import type { Aws, Caller, Operation } from '../service.ts';
import { conflict, notFound, notImplemented, violated } from './errors.ts';
import type { FindFunction } from './find.ts';
import { type PolicyStatement, type ResourcePolicy, resourcePolicies } from './model.ts';

export function policyOperations(aws: Aws, find: FindFunction): Record<string, Operation> {
  const save = (name: string, statements: readonly PolicyStatement[]) =>
    resourcePolicies(aws).set(name, { revisionId: aws.ids.uuid(), statements });
  return {
    AddPermission(input: Sdk.AddPermissionRequest): Sdk.AddPermissionResponse {
      const { name, qualifiedArn } = find(input.FunctionName, input.Qualifier);
      const { StatementId: id = '' } = input;
      if (!/^[a-zA-Z0-9-_.]{1,100}$/.test(id)) {
        throw violated(
          'statementId',
          id,
          'Member must satisfy regular expression pattern: ([a-zA-Z0-9-_.]+)',
        );
      }
      const statements = resourcePolicies(aws).get(name)?.statements ?? [];
      if (statements.some(({ Sid }) => Sid === id)) {
        throw conflict(
          `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      }
      const statement = statementOf(aws, id, qualifiedArn, input);
      save(name, [...statements, statement]);
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission(input: Sdk.RemovePermissionRequest) {
      const { name } = find(input.FunctionName, input.Qualifier);
      const { statements } = requirePolicy(aws, name);
      const kept = statements.filter(({ Sid }) => Sid !== input.StatementId);
      if (kept.length === statements.length) {
        throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
      }
      if (kept.length === 0) resourcePolicies(aws).delete(name);
      else save(name, kept);
      return {};
    },
    GetPolicy(input: Sdk.GetPolicyRequest): Sdk.GetPolicyResponse {
      const { name } = find(input.FunctionName, input.Qualifier);
      const { statements, revisionId } = requirePolicy(aws, name);
      return { Policy: JSON.stringify(documentOf(statements)), RevisionId: revisionId };
    },
  };
}

const documentOf = (Statement: readonly PolicyStatement[]) => ({
  Version: '2012-10-17',
  Id: 'default',
  Statement,
});

function requirePolicy(aws: Aws, name: string): ResourcePolicy {
  const policy = resourcePolicies(aws).get(name);
  if (!policy) throw notFound('The resource you requested does not exist.');
  return policy;
}

function statementOf(
  aws: Aws,
  Sid: string,
  Resource: string,
  {
    Action,
    Principal,
    SourceArn,
    SourceAccount,
    PrincipalOrgID,
    FunctionUrlAuthType,
  }: Sdk.AddPermissionRequest,
): PolicyStatement {
  if (PrincipalOrgID !== undefined) throw notImplemented('PrincipalOrgID of AddPermission');
  if (FunctionUrlAuthType !== undefined) throw notImplemented('FunctionUrlAuthType of AddPermission');
  const conditions = {
    ...(SourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return {
    Sid,
    Effect: 'Allow',
    Principal: principalOf(aws, Principal ?? ''),
    Action: Action ?? '',
    Resource,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}

function principalOf(aws: Aws, principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return principal;
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${aws.partition}:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

/** Whether the function's own policy lets a service invoke it for one of its resources. */
export function allowsService(
  aws: Aws,
  { name, qualifiedArn }: { name: string; qualifiedArn: string },
  { servicePrincipal, sourceArn }: { servicePrincipal: string; sourceArn: string },
): boolean {
  const keys = {
    'aws:SourceArn': sourceArn,
    'aws:SourceAccount': sourceArn.split(':')[4] || aws.account,
    'aws:PrincipalIsAWSService': 'true',
  };
  return allows(aws, name, qualifiedArn, 'Service', [servicePrincipal], keys);
}

/** Whether the function's own policy names the caller's role or session. */
export function allowsCaller(aws: Aws, name: string, resource: string, caller: Caller): boolean {
  const names = caller.roleArn === undefined ? [caller.arn] : [caller.arn, caller.roleArn];
  return allows(aws, name, resource, 'AWS', names, { 'aws:PrincipalArn': caller.roleArn ?? caller.arn });
}

function allows(
  aws: Aws,
  name: string,
  resource: string,
  kind: 'AWS' | 'Service',
  names: readonly string[],
  keys: Readonly<Record<string, string>>,
): boolean {
  const policy = resourcePolicies(aws).get(name);
  if (!policy) return false;
  const speaking = statementsOf(JSON.stringify(documentOf(policy.statements))).filter(statement =>
    namesPrincipal(statement, kind, names),
  );
  const request = { action: 'lambda:InvokeFunction', resource, context: contextOf(keys) };
  return effect(speaking, request) === 'Allow';
}
