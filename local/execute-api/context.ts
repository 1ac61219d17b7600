// The $context variables of a request, which a proxy function gets as requestContext.
import { type Context, header, type Identity, type RouteRequest } from './request.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The common log format: 09/Apr/2015:12:34:56 +0000. */
function requestTime(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const [year, , day] = date.split('-');
  return `${day}/${months[now.getUTCMonth()]}/${year}:${time.slice(0, 8)} +0000`;
}

function identityOf(request: RouteRequest, { caller, apiKey }: Identity): object {
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
  };
}

export function requestContextOf(request: RouteRequest, identity: Identity): Record<string, unknown> {
  const { aws, snapshot, resource, deploymentId } = request;
  const now = new Date(aws.clock.now());
  const { id } = snapshot.restApi;
  return {
    accountId: aws.account,
    apiId: id,
    ...(identity.authorizer && { authorizer: identity.authorizer }),
    ...(deploymentId !== undefined && { deploymentId }),
    domainName: `${id}.execute-api.${aws.region}.amazonaws.com`,
    domainPrefix: id,
    extendedRequestId: request.extendedRequestId,
    httpMethod: request.httpMethod,
    identity: identityOf(request, identity),
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
  xrayTraceId: request.traceId,
  requestOverride: { header: {}, path: {}, querystring: {} },
  responseOverride: { header: {} },
});
