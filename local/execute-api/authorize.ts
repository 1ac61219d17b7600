// Who may call a method: nobody asked, IAM, an API key, or an authorizer.
import { isAllowed } from '../iam/evaluate.ts';
import { type Aws, ServiceError, type WireRequest } from '../service.ts';
import { authenticate } from '../sigv4.ts';
import { GatewayError } from './gateway-response.ts';
import { header, type RouteRequest } from './request.ts';

const denied = (callerArn: string, resource: string) =>
  `User: ${callerArn} is not authorized to perform: execute-api:Invoke on resource: ${resource}`;

function authorizeByIam(request: RouteRequest, wire: WireRequest): string {
  const { aws, snapshot } = request;
  if (!wire.headers.authorization && !wire.query.includes('X-Amz-Signature')) {
    throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
  }
  try {
    const { caller } = authenticate(aws, wire);
    const resource = `arn:${aws.partition}:execute-api:${aws.region}:${aws.account}:${snapshot.restApi.id}/${request.stageName}/${request.httpMethod}${request.path}`;
    if (!isAllowed(aws, caller, { action: 'execute-api:Invoke', resource })) {
      throw new GatewayError('ACCESS_DENIED', denied(caller.arn, resource));
    }
    return caller.arn;
  } catch (error) {
    if (error instanceof ServiceError) throw new GatewayError('INVALID_SIGNATURE', error.message);
    throw error;
  }
}

interface ApiKey {
  readonly id?: string;
  readonly value?: string;
  readonly enabled?: boolean;
}

function checkApiKey(aws: Aws, request: RouteRequest): void {
  const given = header(request.headers, 'x-api-key');
  const keys = [...aws.store.collection<ApiKey>('apigateway/apikeys').values()];
  const isKnown = keys.some(({ value, enabled }) => value === given && enabled !== false);
  if (given === undefined || !isKnown) throw new GatewayError('INVALID_API_KEY', 'Forbidden');
}

/** @returns the caller's ARN where there is one. */
export function authorizeRequest(request: RouteRequest, wire: WireRequest): string | undefined {
  const { method } = request;
  if (method.apiKeyRequired) checkApiKey(request.aws, request);
  switch (method.authorizationType ?? 'NONE') {
    case 'NONE':
      return undefined;
    case 'AWS_IAM':
      return authorizeByIam(request, wire);
    default:
      // Tokens of user pools and authorizer functions are not part of the embedded AWS: nobody gets in.
      throw new GatewayError('UNAUTHORIZED', 'Unauthorized');
  }
}
