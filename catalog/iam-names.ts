// IAM's names where they differ from the service models' (AWS's Service Authorization Reference).

/** Service → IAM prefix, where none of the model's own names is one. */
export const prefixes: Readonly<Record<string, string>> = {
  applicationcostprofiler: 'application-cost-profiler',
  cloudcontrol: 'cloudformation',
  'iot-data': 'iot',
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

/** Service → operation → the IAM actions that permit it. */
export const renamedActions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  s3: {
    ...s3Configurations,
    ListBuckets: ['ListAllMyBuckets'],
    ListDirectoryBuckets: ['ListAllMyDirectoryBuckets'],
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
  lambda: { Invoke: ['InvokeFunction'], InvokeWithResponseStream: ['InvokeFunction'] },
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

/** Permissions on other things than the resource itself. */
export const furtherNeeds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: {
    GetObjectAttributes: 's3:GetObject on the object',
    DeleteObjects: 's3:DeleteObjectVersion where versions are named',
  },
};

/** A place in IAM's ARN formats → the input member that fills it. */
export const placeNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: { BucketName: 'Bucket', ObjectName: 'Key' },
};
