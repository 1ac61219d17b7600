// What an integration may point at, by its type, and the role it needs for it.
import type { Integration } from '@aws-sdk/client-api-gateway';
import { ServiceError } from '../service.ts';
import { badRequest } from './errors.ts';

/** `arn:aws:apigateway:{region}:{subdomain.service}:{path|action}/{…}` */
export interface IntegrationArn {
  readonly service: string;
  readonly kind: 'path' | 'action';
  readonly target: string;
}

export function parseIntegrationArn(uri: string | undefined): IntegrationArn {
  const [arn, partition, , , service = '', ...rest] = (uri ?? '').split(':');
  if (arn !== 'arn' || !partition?.startsWith('aws') || rest.length === 0) {
    throw badRequest('Invalid ARN specified in the request');
  }
  const [kind, ...target] = rest.join(':').split('/');
  if ((kind !== 'path' && kind !== 'action') || target.length === 0) {
    throw badRequest('AWS ARN for integration must contain path or action');
  }
  return { service, kind, target: target.join('/') };
}

export const isPassThroughOfCaller = (credentials: string): boolean =>
  /^arn:aws[\w-]*:iam::\*:user\/\*$/.test(credentials);

export function checkTarget(integration: Integration, account: string): void {
  const { type } = integration;
  if (type === 'HTTP' || type === 'HTTP_PROXY') checkHttpTarget(integration);
  if (type === 'AWS' || type === 'AWS_PROXY') checkAwsTarget(integration, account);
}

function checkHttpTarget({ uri = '', connectionType, connectionId }: Integration): void {
  // A place such as {id} or ${stageVariables.host} stands for any text.
  const example = uri.replaceAll(/\$?\{[^}]*\}/g, 'x');
  if (!/^https?:\/\//i.test(example) || !URL.canParse(example)) {
    throw badRequest('Invalid HTTP endpoint specified for URI');
  }
  if (connectionType === 'VPC_LINK' && !connectionId) {
    throw badRequest(
      'ConnectionId should be set to the vpcLinkId or stage variable on connection type VPC_LINK',
    );
  }
}

function checkAwsTarget({ type, uri, credentials }: Integration, account: string): void {
  const { service, target } = parseIntegrationArn(uri);
  const isLambda = service === 'lambda' && target.startsWith('2015-03-31/functions/');
  if (type === 'AWS_PROXY' && !isLambda && service !== 'firehose' && service !== 'lambda') {
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
  if (!credentials) {
    if (isLambda) return;
    throw badRequest('Role ARN must be specified for AWS integrations');
  }
  if (isPassThroughOfCaller(credentials)) return;
  const role = /^arn:aws[\w-]*:iam::(\d*):role\/.+$/.exec(credentials);
  if (!role) throw badRequest('Invalid ARN specified in the request');
  if (role[1] !== account) {
    throw new ServiceError('AccessDeniedException', 403, 'Cross-account pass role is not allowed.');
  }
}
