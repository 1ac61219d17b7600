// Which configurations and deployment packages Lambda accepts.
import { createHash } from 'node:crypto';
import type { FunctionCode } from '@aws-sdk/client-lambda';
import { findRoleByArn } from '../iam/model.ts';
import { namesPrincipal, statementsOf } from '../iam/statements.ts';
import type { Aws } from '../service.ts';
import { invalidParameter, notImplemented, violated } from './errors.ts';
import type { FunctionDocument } from './model.ts';
import { unzip } from './zip.ts';

export function requireRuntime(runtime: string | undefined, handler: string | undefined): void {
  if (!runtime || !handler) {
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
  if (!/^nodejs\d+\.x$/.test(runtime)) throw notImplemented(`the runtime ${runtime}`);
  if (!/^\S{1,128}$/.test(handler)) {
    throw violated('handler', handler, 'Member must satisfy regular expression pattern: [^\\s]+');
  }
}

export function requireBetween(member: string, value: number, least: number, most: number): number {
  if (value < least)
    throw violated(member, value, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw violated(member, value, `Member must have value less than or equal to ${most}`);
  return value;
}

/** A role that the account does not know is let through, so that functions can be tried without IAM. */
export function requireRole(aws: Aws, roleArn: string | undefined): string {
  if (!roleArn || !/^arn:[\w-]+:iam::\d{12}:role\/?[\w+=,.@\-_/]+$/.test(roleArn)) {
    const pattern = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';
    throw violated('role', roleArn, `Member must satisfy regular expression pattern: ${pattern}`);
  }
  const role = findRoleByArn(aws, roleArn);
  const isTrusting = (trustPolicy: string) =>
    statementsOf(trustPolicy).some(statement =>
      namesPrincipal(statement, 'Service', ['lambda.amazonaws.com']),
    );
  if (role && !isTrusting(role.trustPolicy)) {
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
  }
  return roleArn;
}

const reserved = /^(_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_RUNTIME_DIR|LAMBDA_TASK_ROOT|TZ)$|^AWS_(?!NODEJS_)/;

export function requireVariables(variables: Readonly<Record<string, string>> = {}) {
  const taken = Object.keys(variables).filter(name => reserved.test(name) && !isOwnSetting(name));
  if (taken.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${taken.join(', ')}`,
    );
  }
  if (JSON.stringify(variables).length > 4096) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
  }
  return variables;
}

/** Settings of the AWS SDK that a function may have. */
const isOwnSetting = (name: string) =>
  /^AWS_(ENDPOINT_URL\w*|RETRY_MODE|MAX_ATTEMPTS|LAMBDA_EXEC_WRAPPER)$/.test(name);

type Code = Pick<FunctionDocument, 'code' | 'codeSize' | 'codeSha256'>;

export function requireCode({ ZipFile, S3Bucket, ImageUri }: FunctionCode = {}): Code {
  if (S3Bucket !== undefined) throw notImplemented('a deployment package in S3');
  if (ImageUri !== undefined) throw notImplemented('a container image as function');
  if (!ZipFile || ZipFile.length === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  const archive = Buffer.from(ZipFile);
  let isEmpty: boolean;
  try {
    isEmpty = unzip(archive).length === 0;
  } catch {
    throw invalidParameter(
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    );
  }
  if (isEmpty) throw invalidParameter('Uploaded file must be a non-empty zip');
  return {
    code: archive.toString('base64'),
    codeSize: archive.length,
    codeSha256: createHash('sha256').update(archive).digest('base64'),
  };
}
