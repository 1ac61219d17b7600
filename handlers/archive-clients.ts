// The archive's clients: apart from the states' own, for no state needs S3 or Step Functions.
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Settings } from '../core/step.ts';
import type { ArchiverClients } from './archive-execution.ts';
import type { Target } from './clients.ts';
import { settingsFromEnvironment } from './serve.ts';

export function makeArchiveClients(
  settings: Settings,
  target: Target = {},
  now: () => number = Date.now,
): ArchiverClients {
  return {
    settings,
    now,
    sfn: new SFNClient(target),
    cloudtrail: new CloudTrailClient(target),
    dynamodb: new DynamoDBClient(target),
    // An endpoint that stands for AWS has no host name for each bucket.
    s3: new S3Client({ ...target, forcePathStyle: target.endpoint !== undefined }),
  };
}

export const archiveClientsFromEnvironment = () => makeArchiveClients(settingsFromEnvironment());
