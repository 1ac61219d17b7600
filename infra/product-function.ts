// A Lambda function of the product, with a role that allows exactly its calls, and a log group.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StateFunction } from '../statemachine/functions.ts';
import { type PolicyTarget, policyDocument } from '../statemachine/policies.ts';
import type { FunctionCode } from './bundle.ts';
import type { Configuration } from './configuration.ts';

/** What a function is: a state's, or one that is given events. */
export type Called = Omit<StateFunction, 'run'>;

export interface ProductFunctionProps {
  readonly config: Configuration;
  readonly key: IKey | undefined;
  readonly target: PolicyTarget;
  readonly environment: Record<string, string>;
  readonly code: FunctionCode;
  /** Events that the function failed on. */
  readonly deadLetterQueue?: IQueue;
}

export class ProductFunction extends LambdaFunction {
  constructor(
    scope: Construct,
    { name, file, handler, timeoutSeconds, permissions }: Called,
    { config, key, target, environment, code, deadLetterQueue }: ProductFunctionProps,
  ) {
    const functionName = `${config.functionPrefix}${name}`;
    const logGroup = new LogGroup(scope, `${name}Log`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(key && { encryptionKey: key }),
    });
    const writesLog = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    const role = new Role(scope, `${name}Role`, {
      description: `What ${name} of service-proxy may do`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        State: PolicyDocument.fromJson(policyDocument(permissions, target)),
        Log: new PolicyDocument({ statements: [writesLog] }),
        ...(key && {
          Key: new PolicyDocument({
            statements: [usesKey(key, target, keyUsers(permissions, deadLetterQueue !== undefined))],
          }),
        }),
      },
    });
    super(scope, name, {
      functionName,
      description: `${name} of service-proxy`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: code(file),
      handler: `index.${handler}`,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: 512,
      role,
      logGroup,
      environment,
      ...(deadLetterQueue && { deadLetterQueue }),
      ...(key && { environmentEncryption: key }),
      // The definition calls a version: an execution that runs during an upgrade finishes on the code it began with.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
  }
}

/** Services that encrypt what they keep for the stack with its key. */
const encrypting = new Set(['dynamodb', 's3', 'sqs', 'states']);

/** Those that a function calls; Lambda itself reads its environment, and sends what it failed on to its queue. */
function keyUsers(permissions: Called['permissions'], hasQueue: boolean): string[] {
  const called = permissions.flatMap(({ actions }) => actions.map(action => action.split(':')[0] ?? ''));
  const users = [
    'lambda',
    ...called.filter(service => encrypting.has(service)),
    ...(hasQueue ? ['sqs'] : []),
  ];
  return [...new Set(users)].sort();
}

/** The services use the key on the caller's behalf; the function itself never does. */
function usesKey(key: IKey, { region }: PolicyTarget, services: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    resources: [key.keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': services.map(service => `${service}.${region}.amazonaws.com`) },
    },
  });
}
