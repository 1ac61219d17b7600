// The archive as it is deployed: versioned, encrypted, locked by choice, written by one function that may do nothing else.
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, it } from 'vitest';
import { archiverPermissions } from '../../statemachine/archiver.ts';
import { deployedFunctions, synthesise } from './synthesised.ts';

let template: Template;
beforeAll(() => {
  ({ template } = synthesise({ archiveRetentionDays: 400, archiveLockDays: 365, trail: true }));
}, 60_000);

it('keeps records versioned, encrypted and out of public reach, and outlives the stack', () => {
  template.hasResource('AWS::S3::Bucket', {
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
  template.hasResourceProperties('AWS::S3::Bucket', { ObjectLockConfiguration: { Rule: rule } });
});

it('lets the archiver put records, read executions and ask CloudTrail, and nothing besides', () => {
  const archiver = deployedFunctions(template).find(({ name }) => name === 'service-proxy-ArchiveExecution');
  const actions = archiver?.policies.State?.flatMap(({ Action }) => Action);
  expect(actions).toEqual([
    'states:DescribeExecution',
    'states:GetExecutionHistory',
    's3:PutObject',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'cloudtrail:LookupEvents',
    's3:GetObject',
    'dynamodb:DeleteItem',
  ]);
  const withoutTrail = archiverPermissions('records', [], false).flatMap(permission => permission.actions);
  expect(withoutTrail).toEqual(actions?.slice(0, -3));
});

it('asks CloudTrail again every quarter of an hour', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(15 minutes)',
    Targets: [Match.objectLike({ Input: '{"lookUpCallers":true}' })],
  });
});

it('is told of the ends of executions, and loses no event unseen', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Description: Match.stringLikeRegexp('archive'),
    EventPattern: { 'detail-type': ['Step Functions Execution Status Change'] },
    Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
  });
});
