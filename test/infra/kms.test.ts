// With a customer managed key: everything that keeps data uses it, and each function only through the services it calls.
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DeployedFunction, deployedFunctions, synthesise } from './synthesised.ts';
import { kmsKey, variants } from './variants.ts';

let template: Template;
let functions: readonly DeployedFunction[];
beforeAll(() => {
  ({ template } = synthesise(variants['with a customer managed key']));
  functions = deployedFunctions(template);
});

const all = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);

describe('the key', () => {
  it.each([
    ['AWS::Logs::LogGroup', { KmsKeyId: kmsKey }],
    ['AWS::SQS::Queue', { KmsMasterKeyId: kmsKey }],
    ['AWS::SNS::Topic', { KmsMasterKeyId: kmsKey }],
    ['AWS::Lambda::Function', { KmsKeyArn: kmsKey }],
    ['AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, KMSMasterKeyId: kmsKey } }],
    ['AWS::StepFunctions::StateMachine', { EncryptionConfiguration: { KmsKeyId: kmsKey } }],
    [
      'AWS::S3::Bucket',
      {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { KMSMasterKeyID: kmsKey, SSEAlgorithm: 'aws:kms' } },
          ],
        },
      },
    ],
  ])('encrypts every %s', (type, expected) => {
    const found = all(type);
    expect(found).not.toEqual([]);
    for (const properties of found) expect(properties).toMatchObject(expected);
  });

  it('is used by each function through the services it calls, and by no other way', () => {
    const services = ['dynamodb', 's3', 'sqs', 'states'];
    for (const { name, policies, properties } of functions) {
      const called = (policies.State ?? []).flatMap(({ Action }) =>
        [Action].flat().map(action => action.split(':')[0] ?? ''),
      );
      const needed = ['lambda', ...called, ...(properties.DeadLetterConfig ? ['sqs'] : [])].filter(
        service => service === 'lambda' || services.includes(service),
      );
      const via = [...new Set(needed)].sort().map(service => `${service}.us-east-1.amazonaws.com`);
      const [statement, ...others] = policies.Key ?? [];
      expect(others, name).toEqual([]);
      expect(statement, name).toEqual({
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
        Resource: kmsKey,
        Condition: { StringEquals: { 'kms:ViaService': via.length === 1 ? via[0] : via } },
      });
    }
  });

  it('stays as its owner made it', () => {
    expect(all('AWS::KMS::Key')).toEqual([]);
  });
});
