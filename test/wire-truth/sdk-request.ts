// What AWS's own SDK client sends for an input.
import * as braket from '@aws-sdk/client-braket';
import * as cloudfront from '@aws-sdk/client-cloudfront';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ec2 from '@aws-sdk/client-ec2';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as iot from '@aws-sdk/client-iot';
import * as iotData from '@aws-sdk/client-iot-data-plane';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as route53 from '@aws-sdk/client-route-53';
import * as s3 from '@aws-sdk/client-s3';
import * as s3vectors from '@aws-sdk/client-s3vectors';
import * as stepfunctions from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import type { HttpRequest } from '@smithy/types';
import type { Input } from './random-input.ts';
import type { SentRequest } from './sent-request.ts';

/** The catalog's services for which a client is installed. */
export const clients: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  braket,
  cloudfront,
  dynamodb,
  ec2,
  events,
  iam,
  iot,
  'iot-data': iotData,
  kinesis,
  lambda,
  rds,
  route53,
  s3,
  s3vectors,
  sns,
  sqs,
  ssm,
  stepfunctions,
  sts,
};

type ClientClass = new (config: object) => { send(command: object): Promise<unknown> };
type CommandClass = new (input: Input) => object;

class Captured extends Error {
  readonly request: HttpRequest;
  constructor(request: HttpRequest) {
    super('the request was captured');
    this.request = request;
  }
}

const config = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  endpoint: 'https://service.test',
  forcePathStyle: true,
  useQueueUrlAsEndpoint: false,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  maxAttempts: 1,
  requestHandler: {
    handle: (request: HttpRequest) => Promise.reject(new Captured(request)),
  },
};

const made = new Map<string, InstanceType<ClientClass>>();

function clientOf(service: string): InstanceType<ClientClass> {
  const known = made.get(service);
  if (known) return known;
  const [Client] = Object.entries(clients[service] ?? {}).flatMap(([name, one]) =>
    name.endsWith('Client') && name !== '__Client' && !name.startsWith('$') ? [one as ClientClass] : [],
  );
  if (!Client) throw new Error(`no client for ${service}`);
  const client = new Client(config);
  made.set(service, client);
  return client;
}

/** For these the client sends another request than the operation's own: signed beforehand, or the function's ARN. */
const others = new Set(['ec2 CopySnapshot', 'lambda Invoke']);

export const hasCommand = (service: string, action: string): boolean =>
  clients[service]?.[`${action}Command`] !== undefined && !others.has(`${service} ${action}`);

export async function sdkRequest(service: string, action: string, input: Input): Promise<SentRequest> {
  const Command = clients[service]?.[`${action}Command`] as CommandClass;
  try {
    await clientOf(service).send(new Command(input));
  } catch (error) {
    if (error instanceof Captured) return sentRequest(error.request);
    throw error;
  }
  throw new Error(`${service} ${action} sent nothing`);
}

function sentRequest({ method, path, query, headers, body }: HttpRequest): SentRequest {
  const listed = Object.entries(query ?? {}).map(([name, value]): [string, string[]] => [
    name,
    [value ?? ''].flat(),
  ]);
  return {
    method,
    path,
    query: Object.fromEntries(listed),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : new Uint8Array(),
  };
}
