// What a deployer configures, and what is said of it when it is wrong.
import { describe, expect, it } from 'vitest';
import { ServiceProxyError } from '../../core/errors.ts';
import { defaults, parseConfiguration } from '../../infra/configuration.ts';
import { deployedFunctions, synthesise } from './synthesised.ts';

describe('the configuration', () => {
  it('is the defaults where nothing is given', () => {
    expect(parseConfiguration({})).toEqual(defaults);
  });

  it('says every problem at once', () => {
    const given = {
      allow: [],
      accounts: ['123'],
      regions: ['europe'],
      logRetentionDays: 42,
      kmsKey: 'alias/x',
      retention: 9,
    };
    try {
      parseConfiguration(given);
      expect.unreachable();
    } catch (error) {
      const problems = error instanceof ServiceProxyError ? error.problems : [];
      expect(problems.map(({ path }) => path).sort()).toEqual([
        '$.accounts[0]',
        '$.allow',
        '$.kmsKey',
        '$.logRetentionDays',
        '$.regions[0]',
        '$.retention',
      ]);
    }
  });

  it('reaches the functions, the boundary, the logs and what is encrypted', () => {
    const key = 'arn:aws:kms:us-east-1:000000000000:key/01234567-89ab-cdef-0123-456789abcdef';
    const topic = 'arn:aws:sns:us-east-1:000000000000:on-call';
    const { template } = synthesise({
      allow: ['sns:*'],
      permissionsBoundary: 'arn:aws:iam::000000000000:policy/ours',
      alarmTopic: topic,
      kmsKey: key,
      logRetentionDays: 7,
      functionPrefix: 'edge-',
    });
    for (const { name, settings } of deployedFunctions(template)) {
      expect(name).toMatch(/^edge-/);
      expect(settings.allow).toEqual(['sns:*']);
      // What only takes requests in makes no roles.
      const bounded = settings.queueUrl ? undefined : 'arn:aws:iam::000000000000:policy/ours';
      expect(settings.permissionsBoundary).toBe(bounded);
    }
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7, KmsKeyId: key });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topic] });
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      EncryptionConfiguration: { KmsKeyId: key },
    });
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: key } });
  }, 60_000);
});
