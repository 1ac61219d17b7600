// What a derived integration sends is what AWS's own SDK client sends for the same input, parameter by parameter.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOperation } from '../../catalog/catalog.ts';
import { checkOperation } from './check.ts';
import { Gateway } from './integration-request.ts';

/** Operations that have every trait of an input between them, in all six protocols. */
const sample: Readonly<Record<string, readonly string[]>> = {
  sns: ['ListTopics', 'Publish', 'PublishBatch', 'CreateTopic', 'SetTopicAttributes'],
  iam: ['CreateRole', 'SimulatePrincipalPolicy', 'UpdateLoginProfile'],
  rds: ['CreateDBInstance', 'ModifyDBParameterGroup', 'DescribeDBInstances', 'CopyDBSnapshot'],
  sts: ['AssumeRole', 'GetCallerIdentity'],
  ec2: ['RunInstances', 'DescribeInstances', 'RequestSpotFleet', 'ImportImage', 'CreateFleet', 'CreateVpc'],
  dynamodb: ['PutItem', 'Query', 'TransactWriteItems', 'BatchGetItem'],
  sqs: ['SendMessage', 'SendMessageBatch', 'ReceiveMessage'],
  stepfunctions: ['StartExecution', 'RedriveExecution'],
  kinesis: ['PutRecord', 'PutRecords', 'GetShardIterator'],
  events: ['PutEvents', 'PutRule', 'PutTargets'],
  ssm: ['GetParameter', 'PutParameter', 'CreateMaintenanceWindow'],
  lambda: ['CreateFunction', 'ListFunctions', 'UntagResource', 'PutFunctionConcurrency', 'CreateAlias'],
  iot: ['CreateTopicRule', 'CreatePackageVersion', 'ListAuthorizers', 'CreateThing', 'DescribeEndpoint'],
  'iot-data': ['Publish', 'UpdateThingShadow'],
  braket: ['CreateQuantumTask', 'SearchJobs'],
  s3vectors: ['PutVectors', 'QueryVectors'],
  route53: ['ChangeResourceRecordSets', 'CreateHostedZone', 'CreateHealthCheck', 'ListHostedZones'],
  cloudfront: ['CreateDistribution', 'CreateInvalidation', 'CreateFunction', 'UpdateDistribution'],
  s3: ['PutObject', 'GetObject', 'ListObjectsV2', 'RestoreObject', 'PutBucketTagging', 'CopyObject'],
};

describe('a derived integration', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await Gateway.open();
  });
  afterAll(() => gateway.close());

  const operations = Object.entries(sample).flatMap(([service, actions]) =>
    actions.map(action => [service, action] as const),
  );

  it.each(operations)('of %s %s sends what AWS’s SDK sends', async (service, action) => {
    const operation = findOperation(service, action);
    if ('missing' in operation) throw new Error(`no such ${operation.missing}`);
    for (let round = 0; round < 3; round++) {
      const outcome = await checkOperation(operation, gateway, round);
      if ('skipped' in outcome) throw new Error(outcome.skipped);
      expect(outcome.differences).toEqual([]);
      expect(outcome.refusals).toEqual([]);
    }
  });
});
