// The AWS integration: assumes the role and calls the service over its wire protocol, through the front door.

import type { Integration } from '@aws-sdk/client-api-gateway';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '../service.ts';
import { ServiceError } from '../service.ts';
import type { BackendRequest } from './backend-request.ts';
import { GatewayError } from './gateway-response.ts';
import type { BackendAnswer } from './mapping.ts';
import type { RouteRequest } from './request.ts';

interface Address {
  readonly region: string;
  readonly service: string;
  readonly subdomain?: string;
  readonly kind: 'action' | 'path';
  readonly rest: string;
}

/** `arn:aws:apigateway:{region}:{subdomain.}{service}:{action|path}/{…}` */
export function addressOf(uri: string): Address | undefined {
  const found = /^arn:[^:]+:apigateway:([^:]+):(?:([^:]+)\.)?([^:.]+):(action|path)\/(.*)$/s.exec(uri);
  if (!found) return undefined;
  const [, region = '', subdomain, service = '', kind, rest = ''] = found;
  return {
    region,
    service,
    kind: kind === 'action' ? 'action' : 'path',
    rest,
    ...(subdomain !== undefined && { subdomain }),
  };
}

/** Services for which API Gateway sets the target of `action/…` itself (recorded on AWS; events is not among them). */
const targets: Readonly<Record<string, readonly [prefix: string, version: string]>> = {
  dynamodb: ['DynamoDB_20120810', '1.0'],
  kinesis: ['Kinesis_20131202', '1.1'],
  states: ['AWSStepFunctions', '1.0'],
};

const configurationError = (request: RouteRequest, reason: string) => {
  request.log(`Execution failed due to configuration error: ${reason}`);
  return new GatewayError('API_CONFIGURATION_ERROR', 'Internal server error');
};

export function assumeIntegrationRole(
  request: RouteRequest,
  roleArn: string | undefined,
): Credentials | undefined {
  if (!roleArn) return undefined;
  try {
    return request.aws.assumeRole(roleArn, 'apigateway.amazonaws.com', 'BackplaneAssumeRoleSession');
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw configurationError(request, 'API Gateway does not have permission to assume the provided role');
  }
}

const lowerCase = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const fillPath = (path: string, values: Readonly<Record<string, string>>) =>
  path.replace(
    /\{([^}]+)\}/g,
    (whole, name: string) => values[name]?.split('/').map(encodeURIComponent).join('/') ?? whole,
  );

/** Headers of the request to the service: what API Gateway sends by itself, and what is mapped. */
function headersOf(request: RouteRequest, address: Address, backend: BackendRequest): Record<string, string> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': `AmazonAPIGateway_${request.snapshot.restApi.id}`,
    'x-amzn-apigateway-api-id': request.snapshot.restApi.id,
    ...(backend.body.byteLength > 0 && { 'content-type': backend.contentType }),
  };
  const target = address.kind === 'action' ? targets[address.service] : undefined;
  if (target) {
    headers['x-amz-target'] = `${target[0]}.${address.rest}`;
    headers['content-type'] = `application/x-amz-json-${target[1]}`;
  }
  return { ...headers, ...lowerCase(backend.headers), 'content-length': String(backend.body.byteLength) };
}

export async function callService(
  request: RouteRequest,
  integration: Integration,
  backend: BackendRequest,
): Promise<BackendAnswer> {
  const { aws } = request;
  const address = addressOf(integration.uri ?? '');
  if (!address) throw configurationError(request, 'Invalid endpoint address');
  const credentials = assumeIntegrationRole(request, integration.credentials);
  if (!credentials)
    throw configurationError(request, 'API Gateway does not have permission to assume the provided role');
  const query: Record<string, string[]> = Object.fromEntries(
    Object.entries(backend.query).map(([name, values]) => [name, [...values]]),
  );
  if (address.kind === 'action') query.Action = [address.rest];
  const filled = address.kind === 'action' ? '/' : fillPath(`/${address.rest}`, backend.path);
  const [rawPath = '/', staticQuery] = filled.split('?');
  const path = rawPath.startsWith('//') ? rawPath.slice(1) : rawPath;
  for (const [name, value] of new URLSearchParams(staticQuery)) query[name] = [value];
  const host = `${address.subdomain ? `${address.subdomain}.` : ''}${address.service}.${address.region}.amazonaws.com`;
  const signer = new SignatureV4({
    service: address.service,
    region: address.region,
    credentials,
    sha256: Sha256,
    // S3 signs paths as they are; every other service encodes them once more.
    uriEscapePath: address.service !== 's3',
  });
  const signed = await signer.sign(
    new HttpRequest({
      method: integration.httpMethod ?? 'POST',
      protocol: 'https:',
      hostname: host,
      path,
      query,
      headers: { ...headersOf(request, address, backend), host },
      body: backend.body,
    }),
    { signingDate: new Date(aws.clock.now()) },
  );
  request.log(
    `Endpoint request URI: https://${host}${path}${address.kind === 'action' ? `?Action=${address.rest}` : ''}`,
  );
  request.log(`Sending request to https://${host}${path}`);
  const answer = await aws.send({
    method: signed.method,
    path: signed.path,
    query: queryText(query),
    headers: lowerCase(signed.headers),
    body: backend.body,
  });
  const headers = Object.entries(answer.headers).map(([name, value]) => [
    name.toLowerCase(),
    [value].flat() as string[],
  ]);
  return { status: answer.status, headers: Object.fromEntries(headers), body: answer.body };
}

const strict = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const queryText = (query: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(query)
    .flatMap(([name, values]) => values.map(value => `${strict(name)}=${strict(value)}`))
    .join('&');
