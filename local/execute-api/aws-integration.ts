// The AWS integration: assumes the role and calls the service over its wire protocol, through the front door.
import type { Integration } from '@aws-sdk/client-api-gateway';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { WireResponse } from '../service.ts';
import type { BackendRequest } from './backend-request.ts';
import { bytesOf } from './content.ts';
import { logAnswer, logEndpointRequest } from './execution-log.ts';
import { configurationError } from './gateway-response.ts';
import { addressOf, type IntegrationAddress, withPathParameters } from './integration-address.ts';
import type { BackendAnswer } from './mapping.ts';
import { type MethodRequest, parseQuery, setHeader } from './request.ts';
import { assumeIntegrationRole } from './role.ts';

/** Services for which API Gateway sets the target of `action/…` itself (recorded on AWS; events is not among them). */
const targets: Readonly<Record<string, readonly [prefix: string, version: string]>> = {
  dynamodb: ['DynamoDB_20120810', '1.0'],
  kinesis: ['Kinesis_20131202', '1.1'],
  states: ['AWSStepFunctions', '1.0'],
};

/** What API Gateway sends by itself, and what is mapped. */
function headersOf(
  request: MethodRequest,
  { service, kind, rest }: IntegrationAddress,
  backend: BackendRequest,
  body: Uint8Array,
): Record<string, string> {
  const { id } = request.snapshot.restApi;
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': `AmazonAPIGateway_${id}`,
    'x-amzn-apigateway-api-id': id,
    'x-amzn-trace-id': request.traceId,
    ...(body.byteLength > 0 && { 'content-type': backend.contentType }),
  };
  const target = kind === 'action' ? targets[service] : undefined;
  if (target) {
    headers['x-amz-target'] = `${target[0]}.${rest}`;
    headers['content-type'] = `application/x-amz-json-${target[1]}`;
  }
  for (const [name, value] of Object.entries(backend.headers)) headers[name.toLowerCase()] = value;
  return { ...headers, 'content-length': String(body.byteLength) };
}

interface Target {
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string[]>>;
}

function targetOf(address: IntegrationAddress, backend: BackendRequest): Target {
  const { service, subdomain, region, kind, rest } = address;
  const host = `${subdomain ? `${subdomain}.` : ''}${service}.${region}.amazonaws.com`;
  const mapped = Object.entries(backend.query).map(([name, values]) => [name, [...values]]);
  const query: Record<string, string[]> = Object.fromEntries(mapped);
  if (kind === 'action') {
    const [action = '', ...fixed] = rest.split(/[?&]/);
    for (const [name, value] of new URLSearchParams(fixed.join('&'))) query[name] ??= [value];
    return { host, path: '/', query: { Action: [action], ...query } };
  }
  const [path = '', fixed] = `/${withPathParameters(rest, backend.path)}`.split('?');
  for (const [name, values] of Object.entries(parseQuery(fixed ?? ''))) query[name] ??= values;
  // `path//` and `path//name` are written with the path's own first slash.
  return { host, path: path.replace(/^\/\//, '/'), query };
}

export async function callService(
  request: MethodRequest,
  integration: Integration,
  backend: BackendRequest,
): Promise<BackendAnswer> {
  const { aws } = request;
  const address = addressOf(integration.uri ?? '');
  if (!address) throw configurationError(request, 'Invalid endpoint address');
  const credentials = assumeIntegrationRole(request, integration.credentials);
  if (!credentials)
    throw configurationError(request, 'API Gateway does not have permission to assume the provided role');
  const { host, path, query } = targetOf(address, backend);
  const body = bytesOf(backend.body);
  const method = integration.httpMethod;
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
      method: method === undefined || method === 'ANY' ? request.httpMethod : method,
      protocol: 'https:',
      hostname: host,
      path,
      query,
      headers: { ...headersOf(request, address, backend, body), host },
      body,
    }),
    { signingDate: new Date(aws.clock.now()) },
  );
  const sent = queryText(query);
  logEndpointRequest(request, `https://${host}${path}${sent && `?${sent}`}`, signed.headers, body);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(signed.headers)) setHeader(headers, name.toLowerCase(), value);
  const startedAt = aws.clock.now();
  const answer = answerOf(await aws.send({ method: signed.method, path, query: sent, headers, body }));
  logAnswer(request, answer, aws.clock.now() - startedAt);
  return answer;
}

function answerOf({ status, headers, body }: WireResponse): BackendAnswer {
  const listed = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat()]);
  return { status, headers: Object.fromEntries(listed), body };
}

const strict = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

const queryText = (query: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(query)
    .flatMap(([name, values]) => values.map(value => `${strict(name)}=${strict(value)}`))
    .join('&');
