// What an integration sends for a caller's request: the derived method run by the embedded API Gateway.
import type { MethodDefinition } from '../../core/method-definition.ts';
import { requestModelsOf } from '../../core/method-definition.ts';
import { createEmbeddedAws, type EmbeddedAws } from '../../local/embedded.ts';
import { contextOf } from '../../local/execute-api/context.ts';
import { GatewayError } from '../../local/execute-api/gateway-response.ts';
import { invokeMethod } from '../../local/execute-api/invoke-method.ts';
import { parseQuery, type RouteRequest } from '../../local/execute-api/request.ts';
import type { Aws, WireRequest } from '../../local/service.ts';
import type { CallerRequest } from './caller-request.ts';
import type { SentRequest } from './sent-request.ts';

const id = 'api';
export const requestId = '11111111-2222-3333-4444-555555555555';

export class Gateway {
  private readonly embedded: EmbeddedAws;

  private constructor(embedded: EmbeddedAws) {
    this.embedded = embedded;
  }

  static async open(): Promise<Gateway> {
    return new Gateway(await createEmbeddedAws());
  }

  close(): Promise<void> {
    return this.embedded.close();
  }

  /** The request to the service, or why API Gateway refuses the caller's. */
  async send(
    definition: MethodDefinition,
    httpMethod: string,
    path: string,
    caller: CallerRequest,
    isValidated: boolean,
  ): Promise<SentRequest | { readonly refused: string }> {
    let sent: WireRequest | undefined;
    const aws: Aws = {
      ...this.embedded,
      assumeRole: () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
      send: async request => {
        sent = request;
        return { status: 200, headers: {}, body: new Uint8Array() };
      },
    };
    const route = routeRequest(aws, definition, httpMethod, path, caller, isValidated);
    try {
      await invokeMethod({ ...route, identity: {}, context: contextOf(route, {}) });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { refused: `${error.message} ${JSON.stringify(error.details)}` };
    }
    return sent ? sentRequest(sent) : { refused: 'nothing was sent' };
  }
}

function routeRequest(
  aws: Aws,
  { integration, ...definition }: MethodDefinition,
  httpMethod: string,
  path: string,
  { pathParameters, query, headers, body }: CallerRequest,
  isValidated: boolean,
): RouteRequest {
  const { requestModel } = definition;
  const method = {
    requestParameters: definition.requestParameters,
    requestModels: requestModelsOf(requestModel),
    ...(isValidated && { requestValidatorId: 'v' }),
    methodIntegration: {
      ...integration,
      credentials: 'arn:aws:iam::000000000000:role/x',
      integrationResponses: Object.fromEntries(
        definition.integrationResponses.map(one => [one.statusCode, one]),
      ),
    },
  };
  const resource = { restApiId: id, id: 'r', path, resourceMethods: {} };
  return {
    aws,
    snapshot: {
      restApi: { id, rootResourceId: 'root', binaryMediaTypes: [...definition.binaryMediaTypes] },
      resources: [resource],
      models: requestModel ? [{ restApiId: id, ...requestModel }] : [],
      requestValidators: [
        {
          restApiId: id,
          id: 'v',
          validateRequestBody: definition.validate.body,
          validateRequestParameters: definition.validate.parameters,
        },
      ],
      authorizers: [],
      gatewayResponses: [],
    },
    stageName: 'test',
    stageVariables: {},
    resource,
    method,
    httpMethod,
    path,
    fullPath: `/test${path}`,
    pathParameters,
    query,
    headers,
    body,
    requestId,
    extendedRequestId: 'x=',
    traceId: 'Root=1',
    log: () => {},
  };
}

const sentRequest = ({ method, path, query, headers, body }: WireRequest): SentRequest => ({
  method,
  path,
  query: parseQuery(query),
  headers,
  body,
});
