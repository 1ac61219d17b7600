// AWS Lambda of the embedded AWS: functions from zip files, and the built-in ones of this process.
import type { BuiltInFunction } from '../built-in-functions.ts';
import type { Authorization, Aws, CallContext, Service } from '../service.ts';
import { findFunction } from './find.ts';
import { functionOperations } from './functions.ts';
import { invokeAuthorizations, invokeFunctionOf, invokeOperation } from './invoke.ts';
import { referenceOf } from './model.ts';
import { policyOperations } from './policy.ts';
import { type EnvironmentFor, Runner } from './run.ts';

export interface LambdaService extends Service {
  /** What the account's other services call functions with. */
  readonly invokeFunction: Aws['invokeFunction'];
  close(): Promise<void>;
}

export function lambdaService(
  aws: Aws,
  builtIns: readonly BuiltInFunction[],
  environment: EnvironmentFor,
): LambdaService {
  const find = findFunction(aws, builtIns);
  const runner = new Runner(aws, environment);
  return {
    operations: {
      ...functionOperations(aws, builtIns, find, name => runner.forget(name)),
      ...policyOperations(aws, find),
      Invoke: invokeOperation(aws, find, runner),
    },
    authorize,
    invokeFunction: invokeFunctionOf(aws, find, runner),
    close: () => runner.close(),
  };
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
function authorize(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  call: CallContext,
): readonly Authorization[] {
  const { FunctionName: name, Qualifier: qualifier, Role: role } = input;
  if (typeof name !== 'string') return [{ action: `lambda:${operation}`, resource: '*' }];
  const reference = referenceOf(call.aws, name, typeof qualifier === 'string' ? qualifier : undefined);
  if (operation === 'Invoke') return invokeAuthorizations(call, reference);
  const needed = { action: `lambda:${operation}`, resource: reference.qualifiedArn };
  if (typeof role !== 'string') return [needed];
  const conditions = { 'iam:PassedToService': 'lambda.amazonaws.com' };
  return [needed, { action: 'iam:PassRole', resource: role, conditions }];
}
