// The paths UpdateStage can change: members of the stage, and settings of its methods.
import type { CacheClusterSize, PatchOperation } from '@aws-sdk/client-api-gateway';
import { patchCanary, promoteCanary } from './canary.ts';
import { nonEmpty, without } from './defined.ts';
import { badRequest } from './errors.ts';
import { removeMethodSetting, replaceMethodSetting } from './method-settings.ts';
import type { StageDocument } from './model.ts';
import { notAMethodSetting } from './stage-paths.ts';

interface StageChange {
  readonly op: string;
  readonly path: string;
  readonly names: readonly string[];
  readonly value: string | undefined;
}

/** In order; nothing is kept when one of them is refused. */
export function applyStagePatch(
  stage: StageDocument,
  operations: readonly PatchOperation[] | undefined,
): StageDocument {
  return (operations ?? []).reduce((current, operation) => {
    const { op = '', path = '', value } = operation;
    if (op === 'copy') return promoteCanary(current, operation);
    if (op !== 'add' && op !== 'replace' && op !== 'remove') throw notAMethodSetting(path);
    const [member = '', ...names] = path.slice(1).split('/');
    if (member === 'canarySettings') return patchCanary(current, operation);
    return applyOne(current, member, { op, path, names, value });
  }, stage);
}

function applyOne(stage: StageDocument, member: string, change: StageChange): StageDocument {
  const { op, path, names, value } = change;
  const [name = ''] = names;
  if (member === 'variables' && names.length === 1) return withVariable(stage, name, change);
  if (member === 'accessLogSettings') return withAccessLogSetting(stage, change);
  if (names.length === 0) return withMember(stage, member, change);
  if (op === 'remove') return removeMethodSetting(stage, path);
  return replaceMethodSetting(stage, path, value);
}

function withMember(stage: StageDocument, member: string, { op, path, value }: StageChange): StageDocument {
  const isRemoval = op === 'remove';
  switch (member) {
    case 'deploymentId':
      if (isRemoval || op === 'add') break;
      return { ...stage, deploymentId: value };
    case 'description':
    case 'clientCertificateId':
    case 'documentationVersion':
    case 'webAclArn':
      return { ...stage, [member]: isRemoval ? undefined : nonEmpty(value) };
    case 'cacheClusterSize':
      if (isRemoval) break;
      return { ...stage, cacheClusterSize: value as CacheClusterSize };
    case 'cacheClusterEnabled':
    case 'tracingEnabled':
      if (isRemoval) break;
      return { ...stage, [member]: value?.toLowerCase() === 'true' };
    case 'variables':
      if (!isRemoval) break;
      return { ...stage, variables: undefined };
    default:
  }
  throw notAMethodSetting(path);
}

function withVariable(stage: StageDocument, name: string, { op, value = '' }: StageChange): StageDocument {
  if (op === 'remove') return { ...stage, variables: without(stage.variables, name) };
  return { ...stage, variables: { ...stage.variables, [name]: value } };
}

function withAccessLogSetting(stage: StageDocument, { op, path, names, value }: StageChange): StageDocument {
  const [name] = names;
  if (op === 'remove') {
    if (name === undefined) return { ...stage, accessLogSettings: undefined };
    // AWS takes it for the path of a method.
    return removeMethodSetting(stage, path);
  }
  if (names.length !== 1 || (name !== 'destinationArn' && name !== 'format')) {
    throw badRequest(
      'Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    );
  }
  if (!value) throw badRequest('Access Log value must not be empty');
  if (name === 'destinationArn') checkLogDestination(value);
  else checkLogFormat(value);
  return { ...stage, accessLogSettings: { ...stage.accessLogSettings, [name]: value } };
}

function checkLogDestination(arn: string): void {
  const [, , service, , , ...name] = arn.split(':');
  if (!arn.startsWith('arn:') || (service !== 'logs' && service !== 'firehose')) {
    throw badRequest(
      'The ARN must be a valid CloudWatch Logs log group or Kinesis Data Firehose delivery stream',
    );
  }
  if (service === 'firehose' && !name.join(':').startsWith('deliverystream/amazon-apigateway-')) {
    throw badRequest(
      "Kinesis Firehose delivery stream name must begin with the characters 'amazon-apigateway-'",
    );
  }
}

function checkLogFormat(format: string): void {
  if (!/\$context\.(?:requestId|extendedRequestId)/.test(format)) {
    throw badRequest(
      'Access Log format must include either $context.requestId or $context.extendedRequestId',
    );
  }
  if (/\n./s.test(format)) {
    throw badRequest(
      'Access Log format must be single line, new line character is allowed only at end of the format',
    );
  }
}
