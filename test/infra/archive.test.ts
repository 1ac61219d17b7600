// The archive as it is deployed: versioned, encrypted, locked by choice, written by one function that may do nothing else.
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { Archive } from '../../infra/archive.ts';

function synthesised(lockDays?: number): Template {
  const stack = new Stack(new App(), 'Test');
  new Archive(stack, 'Archive', {
    stateMachineName: 'Machine',
    stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:Machine',
    ledgerTable: 'ledger',
    functionPrefix: 'service-proxy-',
    retentionDays: 400,
    ...(lockDays !== undefined && { lockDays }),
  });
  return Template.fromStack(stack);
}

it('keeps records versioned, encrypted and out of public reach, and outlives the stack', () => {
  synthesised().hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 400 })] },
    },
  });
});

it('locks records by choice', () => {
  const rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } };
  synthesised(365).hasResourceProperties('AWS::S3::Bucket', { ObjectLockConfiguration: { Rule: rule } });
});

it('lets the archiver put records and read executions, and nothing besides', () => {
  const roles = Object.values(synthesised().findResources('AWS::IAM::Role'));
  const [policy] = roles[0]?.Properties.Policies ?? [];
  const actions = policy.PolicyDocument.Statement.flatMap(
    ({ Action }: { Action: string | string[] }) => Action,
  );
  expect(actions).toEqual([
    'states:DescribeExecution',
    'states:GetExecutionHistory',
    's3:PutObject',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:DeleteItem',
    'dynamodb:UpdateItem',
  ]);
});

it('is told of its own state machine only, and loses no event unseen', () => {
  synthesised().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      detail: { stateMachineArn: ['arn:aws:states:eu-west-1:111122223333:stateMachine:Machine'] },
    },
    Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
  });
});
