// Who may call an imported method: signatures, API keys and authorizers, as OpenAPI's security says it.
import type { CreateAuthorizerRequest, PutMethodRequest } from '@aws-sdk/client-api-gateway';
import type { JsonObject } from '../../../core/openapi.ts';
import { defined } from '../defined.ts';
import { isObject, list, objects, text } from './json.ts';

type Security = Pick<
  PutMethodRequest,
  'authorizationType' | 'authorizerId' | 'apiKeyRequired' | 'authorizationScopes'
>;

const authorizerIn = (scheme: unknown) => objects(scheme)['x-amazon-apigateway-authorizer'];

/** The authorizers that a document's security schemes describe, by the scheme's name. */
export function authorizersOf(
  document: JsonObject,
): readonly (Omit<CreateAuthorizerRequest, 'restApiId'> & { readonly name: string })[] {
  return Object.entries(objects(objects(document.components).securitySchemes)).flatMap(([name, scheme]) => {
    const given = authorizerIn(scheme);
    if (!isObject(given)) return [];
    const type = text(given.type)?.toUpperCase() as CreateAuthorizerRequest['type'];
    const isRequest = type === 'REQUEST';
    const ttl = given.authorizerResultTtlInSeconds;
    const arns = given.providerARNs;
    return defined({
      name,
      type,
      authType: text(objects(scheme)['x-amazon-apigateway-authtype']),
      authorizerUri: text(given.authorizerUri),
      authorizerCredentials: text(given.authorizerCredentials),
      identitySource: isRequest
        ? text(given.identitySource)
        : `method.request.header.${text(objects(scheme).name) ?? 'Authorization'}`,
      identityValidationExpression: text(given.identityValidationExpression),
      authorizerResultTtlInSeconds: ttl === undefined ? undefined : Number(ttl),
      providerARNs: Array.isArray(arns) ? arns.map(String) : undefined,
    });
  });
}

/** What holds for one operation: its own, or the document's; x-amazon-apigateway-auth speaks where neither does. */
export function securityOf(
  document: JsonObject,
  operation: JsonObject,
  authorizerId: (name: string) => string | undefined,
): Security {
  const schemes = objects(objects(document.components).securitySchemes);
  const asked = list(operation.security ?? document.security).flatMap(one => Object.entries(objects(one)));
  const own = text(objects(operation['x-amazon-apigateway-auth']).type)?.toUpperCase();
  let security: Security = { authorizationType: own ?? 'NONE', apiKeyRequired: false };
  for (const [name, scopes] of asked) {
    const scheme = objects(schemes[name]);
    const authorizer = authorizerIn(scheme);
    if (isObject(authorizer)) {
      const isCognito = text(authorizer.type)?.toUpperCase() === 'COGNITO_USER_POOLS';
      const id = authorizerId(name);
      security = {
        ...security,
        authorizationType: isCognito ? 'COGNITO_USER_POOLS' : 'CUSTOM',
        ...(id !== undefined && { authorizerId: id }),
        ...(list(scopes).length > 0 && { authorizationScopes: list(scopes).map(String) }),
      };
    } else if (text(scheme['x-amazon-apigateway-authtype'])?.toLowerCase() === 'awssigv4') {
      security = { ...security, authorizationType: 'AWS_IAM' };
    } else if (scheme.type === 'apiKey' && text(scheme.name)?.toLowerCase() === 'x-api-key') {
      security = { ...security, apiKeyRequired: true };
    }
  }
  return security;
}
