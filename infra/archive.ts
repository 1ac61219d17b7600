// The audit archive: a bucket, the function that writes to it, and the rule that tells it of executions that ended.
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { archiverPermissions } from '../statemachine/archiver.ts';
import { fillResource } from '../statemachine/policies.ts';
import { bundle } from './bundle.ts';

export interface ArchiveProps {
  readonly stateMachineName: string;
  readonly stateMachineArn: string;
  readonly ledgerTable: string;
  readonly functionPrefix: string;
  /** How long records are kept; for ever where it does not say. */
  readonly retentionDays?: number;
  /** Nobody, the root user included, can delete a record before this many days are over. */
  readonly lockDays?: number;
  readonly encryptionKey?: IKey;
}

export class Archive extends Construct {
  readonly bucket: Bucket;
  readonly deadLetters: Queue;
  readonly archiver: LambdaFunction;

  constructor(scope: Construct, id: string, props: ArchiveProps) {
    super(scope, id);
    this.bucket = this.makeBucket(props);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.archiver = this.makeArchiver(props);
    new Rule(this, 'Ended', {
      description: 'Executions that have ended go into the archive',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [props.stateMachineArn] },
      },
      targets: [new LambdaTarget(this.archiver, { deadLetterQueue: this.deadLetters, retryAttempts: 185 })],
    });
  }

  private makeBucket({ retentionDays, lockDays, encryptionKey }: ArchiveProps): Bucket {
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

  private makeArchiver(props: ArchiveProps): LambdaFunction {
    const { functionPrefix, ledgerTable, retentionDays, encryptionKey } = props;
    const functionName = `${functionPrefix}ArchiveExecution`;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Archive: this.policy(props), Log: logPolicy(logGroup) },
    });
    encryptionKey?.grantEncrypt(role);
    const archive = { bucket: this.bucket.bucketName, ...(retentionDays !== undefined && { retentionDays }) };
    return new LambdaFunction(this, 'ArchiveExecution', {
      functionName,
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundle('archive-execution')),
      handler: 'index.handler',
      timeout: Duration.seconds(120),
      memorySize: 512,
      role,
      logGroup,
      deadLetterQueue: this.deadLetters,
      environment: { SERVICE_PROXY_SETTINGS: JSON.stringify({ ledgerTable, archive }) },
    });
  }

  private policy({ stateMachineName, ledgerTable }: ArchiveProps): PolicyDocument {
    const table = ledgerTable;
    const target = { partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID, table };
    const statements = archiverPermissions(this.bucket.bucketName, stateMachineName).map(
      ({ actions, resources }) =>
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: [...actions],
          resources: resources.map(resource => fillResource(resource, target)),
        }),
    );
    return new PolicyDocument({ statements });
  }
}

const logPolicy = ({ logGroupArn }: LogGroup) =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroupArn],
      }),
    ],
  });
