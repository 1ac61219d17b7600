// The audit archive: a bucket, the function that writes to it, and the rule that tells it of executions that ended.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Settings } from '../core/step.ts';
import { archiverPermissions, callersSchedule } from '../statemachine/archiver.ts';
import { stateMachines } from '../statemachine/machines.ts';
import type { Alarms } from './alarms.ts';
import type { Configuration } from './configuration.ts';
import { ProductFunction, type ProductFunctionProps } from './product-function.ts';

export interface ArchiveProps extends Omit<ProductFunctionProps, 'environment'> {
  readonly settings: Settings;
  readonly machines: readonly StateMachine[];
  readonly alarms: Alarms;
}

export class Archive extends Construct {
  readonly bucket: Bucket;
  readonly archiver: ProductFunction;

  constructor(scope: Construct, id: string, { settings, machines, alarms, ...props }: ArchiveProps) {
    super(scope, id);
    const { config, key } = props;
    this.bucket = this.makeBucket(config, key);
    const { archiveRetentionDays: retentionDays } = config;
    const bucket = this.bucket.bucketName;
    const archive = { bucket, ...(retentionDays !== undefined && { retentionDays }) };
    const deadLetterQueue = alarms.makeQueue('NotArchived', key);
    this.archiver = new ProductFunction(
      this,
      {
        name: 'ArchiveExecution',
        file: 'archive-execution',
        handler: 'handler',
        timeoutSeconds: 120,
        permissions: archiverPermissions(
          bucket,
          stateMachines.map(({ name }) => name),
          config.trail,
        ),
      },
      {
        ...props,
        deadLetterQueue,
        environment: {
          SERVICE_PROXY_SETTINGS: Stack.of(this).toJsonString({ ...settings, archive, trail: config.trail }),
        },
      },
    );
    new Rule(this, 'Ended', {
      description: 'Executions that have ended go into the archive',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: machines.map(({ stateMachineArn }) => stateMachineArn) },
      },
      targets: [new LambdaTarget(this.archiver, { deadLetterQueue, retryAttempts: 185 })],
    });
    if (!config.trail) return;
    const event = RuleTargetInput.fromObject({ lookUpCallers: true });
    new Rule(this, 'Callers', {
      description: 'Who started executions, where CloudTrail did not know yet',
      schedule: Schedule.expression(callersSchedule),
      targets: [new LambdaTarget(this.archiver, { event, deadLetterQueue, retryAttempts: 2 })],
    });
  }

  private makeBucket(
    { archiveRetentionDays: retentionDays, archiveLockDays: lockDays }: Configuration,
    encryptionKey: IKey | undefined,
  ): Bucket {
    return new Bucket(this, 'Records', {
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(encryptionKey && { encryptionKey, bucketKeyEnabled: true }),
      ...(lockDays !== undefined && {
        objectLockEnabled: true,
        objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(lockDays)),
      }),
      ...(retentionDays !== undefined && {
        lifecycleRules: [
          { expiration: Duration.days(retentionDays), noncurrentVersionExpiration: Duration.days(1) },
        ],
      }),
    });
  }
}
