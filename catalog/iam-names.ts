// IAM's names where they differ from the service models' (AWS's Service Authorization Reference).

/** Service → IAM prefix, where none of the model's own names is one. */
export const prefixes: Readonly<Record<string, string>> = {
  applicationcostprofiler: 'application-cost-profiler',
  cloudcontrol: 'cloudformation',
  'iot-data': 'iot',
  iotsecuretunneling: 'iot',
  keyspaces: 'cassandra',
  'iot-jobs-data': 'iotjobsdata',
  'iotevents-data': 'iotevents',
  mturk: 'mechanicalturk',
  'partnercentral-account': 'partnercentral',
  'partnercentral-benefits': 'partnercentral',
  'partnercentral-channel': 'partnercentral',
  'partnercentral-selling': 'partnercentral',
  resourcegroupstaggingapi: 'tag',
  stepfunctions: 'states',
};

const partiql = ['PartiQLDelete', 'PartiQLInsert', 'PartiQLSelect', 'PartiQLUpdate'];

const s3Configurations = Object.fromEntries(
  ['Analytics', 'IntelligentTiering', 'Inventory', 'Metrics'].flatMap(kind => [
    [`GetBucket${kind}Configuration`, [`Get${kind}Configuration`]],
    [`ListBucket${kind}Configurations`, [`Get${kind}Configuration`]],
    [`PutBucket${kind}Configuration`, [`Put${kind}Configuration`]],
    [`DeleteBucket${kind}Configuration`, [`Put${kind}Configuration`]],
  ]),
);

const budgets = {
  ...Object.fromEntries(
    ['CreateBudget', 'CreateNotification', 'CreateSubscriber', 'DeleteBudget', 'DeleteNotification']
      .concat('DeleteSubscriber', 'UpdateBudget', 'UpdateNotification', 'UpdateSubscriber')
      .map(name => [name, ['ModifyBudget']]),
  ),
  ...Object.fromEntries(
    ['Budget', 'Budgets', 'NotificationsForBudget', 'SubscribersForNotification']
      .concat('BudgetNotificationsForAccount', 'BudgetPerformanceHistory')
      .map(name => [`Describe${name}`, ['ViewBudget']]),
  ),
};

const keyspaces = Object.fromEntries(
  ['Keyspace', 'Table', 'Type'].flatMap(kind => [
    [`Create${kind}`, ['Create']],
    [`Delete${kind}`, ['Drop']],
    [`Get${kind}`, ['Select']],
    [`List${kind}s`, ['Select']],
    [`Update${kind}`, ['Alter']],
  ]),
);

/** Service → operation → the IAM actions that permit it, with their prefix where it is another service's. */
export const renamedActions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  s3: {
    ...s3Configurations,
    ListBuckets: ['ListAllMyBuckets'],
    ListDirectoryBuckets: ['s3express:ListAllMyDirectoryBuckets'],
    ListObjects: ['ListBucket'],
    ListObjectsV2: ['ListBucket'],
    ListObjectVersions: ['ListBucketVersions'],
    ListMultipartUploads: ['ListBucketMultipartUploads'],
    ListParts: ['ListMultipartUploadParts'],
    HeadBucket: ['ListBucket'],
    HeadObject: ['GetObject'],
    CreateMultipartUpload: ['PutObject'],
    UploadPart: ['PutObject'],
    UploadPartCopy: ['GetObject', 'PutObject'],
    CompleteMultipartUpload: ['PutObject'],
    CopyObject: ['GetObject', 'PutObject'],
    DeleteObjects: ['DeleteObject'],
    SelectObjectContent: ['GetObject'],
    DeleteBucketCors: ['PutBucketCORS'],
    DeleteBucketEncryption: ['PutEncryptionConfiguration'],
    DeleteBucketLifecycle: ['PutLifecycleConfiguration'],
    DeleteBucketOwnershipControls: ['PutBucketOwnershipControls'],
    DeleteBucketReplication: ['PutReplicationConfiguration'],
    DeleteBucketTagging: ['PutBucketTagging'],
    DeletePublicAccessBlock: ['PutBucketPublicAccessBlock'],
    GetBucketAccelerateConfiguration: ['GetAccelerateConfiguration'],
    GetBucketEncryption: ['GetEncryptionConfiguration'],
    GetBucketLifecycle: ['GetLifecycleConfiguration'],
    GetBucketLifecycleConfiguration: ['GetLifecycleConfiguration'],
    GetBucketNotificationConfiguration: ['GetBucketNotification'],
    GetBucketReplication: ['GetReplicationConfiguration'],
    GetObjectLockConfiguration: ['GetBucketObjectLockConfiguration'],
    GetPublicAccessBlock: ['GetBucketPublicAccessBlock'],
    PutBucketAccelerateConfiguration: ['PutAccelerateConfiguration'],
    PutBucketEncryption: ['PutEncryptionConfiguration'],
    PutBucketLifecycle: ['PutLifecycleConfiguration'],
    PutBucketLifecycleConfiguration: ['PutLifecycleConfiguration'],
    PutBucketNotificationConfiguration: ['PutBucketNotification'],
    PutBucketReplication: ['PutReplicationConfiguration'],
    PutObjectLockConfiguration: ['PutBucketObjectLockConfiguration'],
    PutPublicAccessBlock: ['PutBucketPublicAccessBlock'],
  },
  accessanalyzer: { GetFindingV2: ['GetFinding'], ListFindingsV2: ['ListFindings'] },
  'bedrock-runtime': { Converse: ['InvokeModel'], StartAsyncInvoke: ['InvokeModel'] },
  budgets,
  cloudfront: { CreateDistributionWithTags: ['CreateDistribution', 'TagResource'] },
  keyspaces,
  kms: { ReEncrypt: ['ReEncryptFrom', 'ReEncryptTo'] },
  lambda: {
    GetLayerVersionByArn: ['GetLayerVersion'],
    Invoke: ['InvokeFunction'],
    InvokeWithResponseStream: ['InvokeFunction'],
  },
  'redshift-data': { GetStatementResultV2: ['GetStatementResult'] },
  verifiedpermissions: {
    BatchGetPolicy: ['GetPolicy'],
    BatchIsAuthorized: ['IsAuthorized'],
    BatchIsAuthorizedWithToken: ['IsAuthorizedWithToken'],
  },
  sns: { PublishBatch: ['Publish'] },
  sqs: {
    SendMessageBatch: ['SendMessage'],
    DeleteMessageBatch: ['DeleteMessage'],
    ChangeMessageVisibilityBatch: ['ChangeMessageVisibility'],
  },
  dynamodb: {
    BatchExecuteStatement: partiql,
    ExecuteStatement: partiql,
    ExecuteTransaction: partiql,
    TransactGetItems: ['GetItem'],
    TransactWriteItems: ['ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem'],
  },
};

/** A place in IAM's ARN formats → the input member that fills it. */
export const placeNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: { BucketName: 'Bucket', ObjectName: 'Key' },
};

/** Operations that name resources only in a form few accounts use; for all others IAM takes "*" alone. */
export const seldomNamed: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ['PutMetricData'],
  translate: ['TranslateDocument', 'TranslateText'],
};
