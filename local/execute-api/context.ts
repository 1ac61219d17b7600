// The $context variables of a request, which a proxy function gets as requestContext.
import { type Context, header, type Identity, type RouteRequest } from './request.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The common log format: 09/Apr/2015:12:34:56 +0000. */
function requestTime(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const [year, , day] = date.split('-');
  return `${day}/${months[now.getUTCMonth()]}/${year}:${time.slice(0, 8)} +0000`;
}

/** Of a test, as events of functions that were invoked by one show it. */
const testIdentity = {
  apiKey: 'test-invoke-api-key',
  apiKeyId: 'test-invoke-api-key-id',
  sourceIp: 'test-invoke-source-ip',
};

function identityOf(request: RouteRequest, { caller = request.tester, apiKey }: Identity): object {
  return {
    accessKey: caller?.accessKeyId ?? null,
    accountId: caller?.account ?? null,
    ...(apiKey && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    caller: caller?.arn ?? null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: '127.0.0.1',
    user: caller?.arn ?? null,
    userAgent: header(request.headers, 'user-agent') ?? null,
    userArn: caller?.arn ?? null,
    ...(request.tester && testIdentity),
  };
}

export function requestContextOf(request: RouteRequest, identity: Identity): Record<string, unknown> {
  const { aws, snapshot, resource, deploymentId } = request;
  const now = new Date(aws.clock.now());
  const { id } = snapshot.restApi;
  const [domainPrefix, domain] = request.tester
    ? ['testPrefix', 'testDomainName']
    : [id, `execute-api.${aws.region}.amazonaws.com`];
  return {
    accountId: aws.account,
    apiId: id,
    ...(identity.authorizer && { authorizer: identity.authorizer }),
    ...(deploymentId !== undefined && { deploymentId }),
    domainName: `${domainPrefix}.${domain}`,
    domainPrefix,
    extendedRequestId: request.extendedRequestId,
    httpMethod: request.httpMethod,
    identity: identityOf(request, identity),
    ...(request.method.operationName !== undefined && { operationName: request.method.operationName }),
    path: request.fullPath,
    protocol: 'HTTP/1.1',
    requestId: request.requestId,
    requestTime: requestTime(now),
    requestTimeEpoch: now.getTime(),
    resourceId: resource.id,
    resourcePath: resource.path,
    stage: request.stageName,
  };
}

export const contextOf = (request: RouteRequest, identity: Identity): Context => ({
  ...requestContextOf(request, identity),
  ...(request.isCanary !== undefined && { isCanaryRequest: request.isCanary }),
  xrayTraceId: request.traceId,
  requestOverride: { header: {}, path: {}, querystring: {} },
  responseOverride: { header: {} },
});
