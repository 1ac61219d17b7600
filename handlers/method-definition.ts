// Methods as API Gateway's calls take them: the authorization of a route, and a whole method put back as it was.
import {
  type Method,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import type { Authorization } from '../core/input.ts';
import type { Clients } from '../core/step.ts';

/** `authorizerId` is that of the authorizer made for a user pool. */
export function authorizationOf(
  authorization: Authorization,
  authorizerId: string | undefined,
): {
  authorizationType: string;
  authorizerId?: string;
  apiKeyRequired?: boolean;
} {
  switch (authorization.type) {
    case 'API_KEY':
      return { authorizationType: 'NONE', apiKeyRequired: true };
    default:
      return { authorizationType: authorization.type, ...(authorizerId !== undefined && { authorizerId }) };
  }
}

export interface MethodTarget {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
}

/** Puts a method that was read with GetMethod or GetResources back, with everything below it. */
export async function restoreMethod(
  { apigateway }: Pick<Clients, 'apigateway'>,
  target: MethodTarget,
  method: Method,
): Promise<void> {
  const { methodResponses = {}, methodIntegration, httpMethod: _, ...settings } = method;
  await apigateway.send(
    new PutMethodCommand({ ...settings, ...target, authorizationType: settings.authorizationType ?? 'NONE' }),
  );
  for (const response of Object.values(methodResponses)) {
    await apigateway.send(
      new PutMethodResponseCommand({ ...response, ...target, statusCode: response.statusCode ?? '200' }),
    );
  }
  if (!methodIntegration) return;
  const {
    integrationResponses = {},
    httpMethod: integrationHttpMethod,
    type = 'MOCK',
    ...integration
  } = methodIntegration;
  await apigateway.send(
    new PutIntegrationCommand({
      ...integration,
      ...target,
      type,
      ...(integrationHttpMethod && { integrationHttpMethod }),
    }),
  );
  for (const response of Object.values(integrationResponses)) {
    await apigateway.send(
      new PutIntegrationResponseCommand({ ...response, ...target, statusCode: response.statusCode ?? '200' }),
    );
  }
}
