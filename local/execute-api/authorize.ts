// Who may call a method: the API's policy, IAM, an authorizer, an API key.
import { accountCollections } from '../apigateway/model.ts';
import { findAccessKey } from '../credentials.ts';
import { decide, denialMessage, effect } from '../iam/evaluate.ts';
import { namesPrincipal, type Statement, statementsOf } from '../iam/statements.ts';
import { type Caller, ServiceError, type WireRequest } from '../service.ts';
import { readSignature } from '../signature.ts';
import { authenticate, invalidRegion } from '../sigv4.ts';
import { askAuthorizer } from './authorizer.ts';
import { GatewayError } from './gateway-response.ts';
import { header, type Identity, type RouteRequest } from './request.ts';

const action = 'execute-api:Invoke';

/** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{METHOD}/{path}` */
export const methodArn = ({ aws, snapshot, stageName, httpMethod, path }: RouteRequest): string =>
  `arn:${aws.partition}:execute-api:${aws.region}:${aws.account}:${snapshot.restApi.id}/${stageName}/${httpMethod}${path}`;

/** Refusals of a policy name the account by its last digits only, and spell their member in capitals. */
function refused({ aws }: RouteRequest, message: string): GatewayError {
  const text = message.replace(`:${aws.account}:`, `:********${aws.account.slice(-4)}:`);
  return new GatewayError('ACCESS_DENIED', text, { body: JSON.stringify({ Message: text }) });
}

const errorTypes: Readonly<Record<string, string>> = {
  InvalidClientTokenId: 'UnrecognizedClientException',
  IncompleteSignature: 'IncompleteSignatureException',
};

function identify({ aws }: RouteRequest, wire: WireRequest): Identity & { readonly caller: Caller } {
  try {
    const signature = readSignature(wire);
    if (!signature) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
    const { caller } = authenticate(aws, wire);
    if (signature.region !== aws.region) throw invalidRegion(signature.region);
    if (signature.service !== 'execute-api') {
      const message = "Credential should be scoped to correct service: 'execute-api'. ";
      throw new GatewayError('INVALID_SIGNATURE', message);
    }
    const { accessKeyId, sessionToken } = signature;
    const secretAccessKey = findAccessKey(aws, accessKeyId, sessionToken)?.secretAccessKey ?? '';
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
    return { caller, credentials };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.code === 'ExpiredToken') throw new GatewayError('EXPIRED_TOKEN', error.message);
    const errorType = errorTypes[error.code] ?? 'InvalidSignatureException';
    throw new GatewayError('INVALID_SIGNATURE', error.message, { errorType });
  }
}

type PolicyEffect = 'Allow' | 'Deny' | undefined;

/** What the API's own policy says; resources in it may leave out `arn:aws:execute-api:{region}:{account}:{api}`. */
function policyEffect(request: RouteRequest, caller: Caller | undefined): PolicyEffect | 'none' {
  const { aws, snapshot } = request;
  const { policy, id } = snapshot.restApi;
  if (!policy) return 'none';
  const full = `arn:${aws.partition}:execute-api:${aws.region}:${aws.account}:${id}/`;
  const expand = (resource: string) =>
    resource.replace(/^execute-api:\/(?:\*$)?/, match => full + (match.endsWith('*') ? '*' : ''));
  const names = caller
    ? [
        caller.arn,
        caller.account,
        `arn:${aws.partition}:iam::${caller.account}:root`,
        caller.roleArn ?? caller.arn,
      ]
    : [];
  const statements = statementsOf(policy)
    .filter(statement => namesPrincipal(statement, 'AWS', names))
    .map((statement): Statement => {
      const { Resource: resource } = statement;
      if (resource === undefined) return statement;
      return { ...statement, Resource: [resource].flat().map(expand) };
    });
  const context = { 'aws:sourceip': '127.0.0.1', ...(caller && { 'aws:principalarn': caller.arn }) };
  return effect(statements, { action, resource: methodArn(request), context });
}

/** In one account either side may allow the call, and either may deny it for good. */
function authorizeByIam(request: RouteRequest, wire: WireRequest): Identity {
  const identity = identify(request, wire);
  const { caller } = identity;
  const authorization = { action, resource: methodArn(request) };
  const ofPolicy = policyEffect(request, caller);
  const decision = decide(request.aws, caller, authorization);
  if (ofPolicy === 'Deny') {
    const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${authorization.resource}`;
    throw refused(request, `${message} with an explicit deny`);
  }
  const isAllowed = decision === 'allowed' || (ofPolicy === 'Allow' && !decision.startsWith('explicit deny'));
  if (!isAllowed) throw refused(request, denialMessage(caller, authorization, decision));
  return identity;
}

function checkPolicy(request: RouteRequest): void {
  const ofPolicy = policyEffect(request, undefined);
  if (ofPolicy === 'none' || ofPolicy === 'Allow') return;
  const message = `User: anonymous is not authorized to perform: ${action} on resource: ${methodArn(request)}`;
  throw refused(request, ofPolicy === 'Deny' ? `${message} with an explicit deny` : message);
}

/** A key opens a stage only through a usage plan that has both. */
function checkApiKey({ aws, headers, snapshot, stageName }: RouteRequest): Identity {
  const given = header(headers, 'x-api-key');
  const { apiKeys, usagePlans } = accountCollections(aws);
  const key = [...apiKeys.values()].find(({ value, enabled }) => value === given && enabled === true);
  const isPlanned = [...usagePlans.values()].some(
    ({ keyIds, apiStages }) =>
      key !== undefined &&
      keyIds.includes(key.id) &&
      apiStages?.some(({ apiId, stage }) => apiId === snapshot.restApi.id && stage === stageName),
  );
  if (!key || !isPlanned) throw new GatewayError('INVALID_API_KEY', 'Forbidden');
  return { apiKey: { id: key.id, value: key.value } };
}

/** @throws GatewayError */
export async function authorize(request: RouteRequest, wire: WireRequest): Promise<Identity> {
  const identity = await authorizeByType(request, wire);
  return request.method.apiKeyRequired ? { ...identity, ...checkApiKey(request) } : identity;
}

function authorizeByType(request: RouteRequest, wire: WireRequest): Promise<Identity> | Identity {
  const type = (request.method.authorizationType ?? 'NONE').toUpperCase();
  if (type === 'AWS_IAM') return authorizeByIam(request, wire);
  checkPolicy(request);
  if (type === 'NONE') return {};
  if (type === 'CUSTOM') return askAuthorizer(request, methodArn(request));
  // Tokens of user pools cannot be verified without Amazon Cognito: nobody gets in.
  throw new GatewayError('UNAUTHORIZED', 'Unauthorized');
}
