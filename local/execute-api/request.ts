// A request to a route as everything after routing sees it: names, values, body.
import type { Method } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot, ResourceDocument } from '../apigateway/model.ts';
import type { Aws } from '../service.ts';

export type Values = Readonly<Record<string, readonly string[]>>;

export interface RouteRequest {
  readonly aws: Aws;
  readonly snapshot: ApiSnapshot;
  readonly stageName: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly resource: ResourceDocument;
  readonly method: Method;
  readonly httpMethod: string;
  /** Path below the stage, as sent. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: Values;
  /** Names as sent. */
  readonly headers: Values;
  readonly body: Uint8Array;
  readonly requestId: string;
  /** Lines of the execution log, as TestInvokeMethod returns them. */
  readonly log: (line: string) => void;
  readonly callerArn?: string;
}

export const last = (values: readonly string[] | undefined): string | undefined => values?.at(-1);

export function header(headers: Values, name: string): string | undefined {
  const found = Object.keys(headers).find(one => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : last(headers[found]);
}

/** Single values: the last one given, as API Gateway maps them. */
export const singles = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, last(all) ?? '']));

export function parseQuery(query: string): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const all = values[name] ?? [];
    all.push(value);
    values[name] = all;
  }
  return values;
}

/** The documented $context variables that a REST API has. */
export function contextOf(request: RouteRequest): Record<string, unknown> {
  const { aws, snapshot, resource, stageName, requestId } = request;
  const now = new Date(aws.clock.now());
  return {
    accountId: aws.account,
    apiId: snapshot.restApi.id,
    domainName: `${snapshot.restApi.id}.execute-api.${aws.region}.amazonaws.com`,
    domainPrefix: snapshot.restApi.id,
    extendedRequestId: requestId,
    httpMethod: request.httpMethod,
    identity: {
      accountId: request.callerArn === undefined ? '' : aws.account,
      sourceIp: '127.0.0.1',
      userAgent: header(request.headers, 'user-agent') ?? '',
      userArn: request.callerArn ?? '',
      apiKey: header(request.headers, 'x-api-key') ?? '',
    },
    authorizer: {},
    path: `/${stageName}${request.path}`,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: now.toUTCString(),
    requestTimeEpoch: now.getTime(),
    resourceId: resource.id,
    resourcePath: resource.path,
    stage: stageName,
  };
}
