// Lambda authorizers: the function is asked with the request or its token, and answers with a policy.
import { effect } from '../iam/evaluate.ts';
import { listOf, type Statement } from '../iam/statements.ts';
import { ServiceError } from '../service.ts';
import { requestContextOf } from './context.ts';
import { GatewayError } from './gateway-response.ts';
import { functionArnOf } from './integration-address.ts';
import { header, type Identity, last, type RouteRequest, singles } from './request.ts';
import { assumeIntegrationRole } from './role.ts';

const unauthorized = () => new GatewayError('UNAUTHORIZED', 'Unauthorized');
const failed = (request: RouteRequest, reason: string) => {
  request.log(`Execution failed due to configuration error: ${reason}`);
  return new GatewayError('AUTHORIZER_CONFIGURATION_ERROR', 'null', { body: '{"message":null}' });
};

interface Verdict {
  readonly principalId?: string;
  readonly policyDocument?: { readonly Statement?: Statement | readonly Statement[] };
  readonly context?: Readonly<Record<string, unknown>>;
}

/** @throws GatewayError where the function does not let the caller in. */
export async function askAuthorizer(request: RouteRequest, methodArn: string): Promise<Identity> {
  const { snapshot, method } = request;
  const authorizer = snapshot.authorizers.find(({ id }) => id === method.authorizerId);
  const functionArn = functionArnOf(authorizer?.authorizerUri ?? '');
  if (!authorizer || functionArn === undefined) throw failed(request, 'the method has no authorizer');
  const sources = (authorizer.identitySource ?? '').split(',').filter(source => source !== '');
  const values = sources.map(source => sourceValue(request, source.trim()));
  if (values.some(value => value === undefined || value === '')) throw unauthorized();
  const [token = ''] = values;
  const { identityValidationExpression: expression } = authorizer;
  if (expression && !new RegExp(`^(?:${expression})$`).test(token ?? '')) throw unauthorized();
  const event =
    authorizer.type === 'TOKEN'
      ? { type: 'TOKEN', methodArn, authorizationToken: token }
      : requestEvent(request, methodArn);
  const verdict = await ask(request, functionArn, authorizer.id, authorizer.authorizerCredentials, event);
  if (verdict.principalId === undefined) throw failed(request, 'Invalid JSON in response');
  const statements = listOf(verdict.policyDocument?.Statement);
  const answer = effect(statements, { action: 'execute-api:Invoke', resource: methodArn, context: {} });
  if (answer !== 'Allow') {
    const message = 'User is not authorized to access this resource';
    const text = answer === 'Deny' ? `${message} with an explicit deny` : message;
    throw new GatewayError('ACCESS_DENIED', text, { body: JSON.stringify({ Message: text }) });
  }
  return { authorizer: { ...verdict.context, principalId: verdict.principalId } };
}

async function ask(
  request: RouteRequest,
  functionArn: string,
  authorizerId: string | undefined,
  roleArn: string | undefined,
  event: object,
): Promise<Verdict> {
  const { aws, snapshot } = request;
  const sourceArn = `arn:${aws.partition}:execute-api:${aws.region}:${aws.account}:${snapshot.restApi.id}/authorizers/${authorizerId}`;
  const as = assumeIntegrationRole(request, roleArn) ?? {
    servicePrincipal: 'apigateway.amazonaws.com',
    sourceArn,
  };
  const payload = Buffer.from(JSON.stringify(event));
  let text: string;
  try {
    const result = await aws.invokeFunction({ functionArn, payload, as });
    text = Buffer.from(result.payload).toString();
    // A function refuses by failing with exactly this message.
    if (result.functionError !== undefined) {
      const { errorMessage } = JSON.parse(text) as { errorMessage?: unknown };
      throw errorMessage === 'Unauthorized' ? unauthorized() : failed(request, 'Lambda execution failed');
    }
    return JSON.parse(text) as Verdict;
  } catch (error) {
    if (error instanceof ServiceError) throw failed(request, 'Invalid permissions on Lambda function');
    if (error instanceof SyntaxError) throw failed(request, 'Invalid JSON in response');
    throw error;
  }
}

function sourceValue(request: RouteRequest, source: string): string | undefined {
  const [, kind, name = ''] = /^method\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (kind === 'header') return header(request.headers, name);
  if (kind === 'querystring') return last(request.query[name]);
  if (source.startsWith('stageVariables.'))
    return request.stageVariables[source.slice('stageVariables.'.length)];
  const context = requestContextOf(request, {});
  return source.startsWith('context.') ? String(context[source.slice('context.'.length)] ?? '') : undefined;
}

const requestEvent = (request: RouteRequest, methodArn: string) => ({
  type: 'REQUEST',
  methodArn,
  resource: request.resource.path,
  path: request.path,
  httpMethod: request.httpMethod,
  headers: singles(request.headers),
  multiValueHeaders: request.headers,
  queryStringParameters: singles(request.query),
  multiValueQueryStringParameters: request.query,
  pathParameters: request.pathParameters,
  stageVariables: request.stageVariables,
  requestContext: requestContextOf(request, {}),
});
