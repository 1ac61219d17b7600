// Who may call, as OpenAPI says it: signatures, API keys and authorizers.
import type { Authorizer, Method } from '@aws-sdk/client-api-gateway';
import type { ApiDescription, Extensions, JsonObject } from './openapi.ts';

export interface SecurityScheme {
  readonly name: string;
  readonly scheme: JsonObject;
  isFor(method: Method): boolean;
}

const header = (name: string) => ({ type: 'apiKey', name, in: 'header' });

/** The schemes that the API's methods use. */
export function securitySchemesOf(
  api: ApiDescription,
  { authorizers: isFull }: Extensions,
): SecurityScheme[] {
  const withType = (type: string) => isFull && { 'x-amazon-apigateway-authtype': type };
  const known: readonly SecurityScheme[] = [
    {
      name: 'sigv4',
      scheme: { ...header('Authorization'), ...withType('awsSigv4') },
      isFor: method => method.authorizationType === 'AWS_IAM',
    },
    {
      name: 'api_key',
      scheme: header('x-api-key'),
      isFor: method => method.apiKeyRequired === true,
    },
    ...api.authorizers.map(authorizer => ({
      name: authorizer.name ?? authorizer.id ?? '',
      scheme: {
        ...header(headerOf(authorizer)),
        ...withType(
          authorizer.authType ?? (authorizer.type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom'),
        ),
        ...(isFull && { 'x-amazon-apigateway-authorizer': describe(authorizer) }),
      },
      isFor: (method: Method) => method.authorizerId === authorizer.id,
    })),
  ];
  const methods = api.resources.flatMap(resource => Object.values(resource.methods));
  return known.filter(scheme => methods.some(method => scheme.isFor(method)));
}

/** The header that a token comes in; an authorizer of whole requests may look at anything. */
const headerOf = ({ type, identitySource = '' }: Authorizer): string =>
  type === 'REQUEST' ? 'Unused' : identitySource.replace(/^method\.request\.header\./, '') || 'Authorization';

function describe(authorizer: Authorizer): JsonObject {
  const { type = '', authorizerUri, authorizerCredentials, authorizerResultTtlInSeconds } = authorizer;
  const { identitySource, identityValidationExpression, providerARNs } = authorizer;
  return {
    type: type.toLowerCase(),
    ...(authorizerUri !== undefined && { authorizerUri }),
    ...(authorizerCredentials !== undefined && { authorizerCredentials }),
    ...(authorizerResultTtlInSeconds !== undefined && { authorizerResultTtlInSeconds }),
    ...(type === 'REQUEST' && identitySource !== undefined && { identitySource }),
    ...(identityValidationExpression !== undefined && { identityValidationExpression }),
    ...(providerARNs && { providerARNs }),
  };
}
