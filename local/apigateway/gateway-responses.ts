// PutGatewayResponse, GetGatewayResponse(s), UpdateGatewayResponse, DeleteGatewayResponse.
import type {
  DeleteGatewayResponseRequest,
  GatewayResponse,
  GatewayResponses,
  GatewayResponseType,
  GetGatewayResponseRequest,
  GetGatewayResponsesRequest,
  PutGatewayResponseRequest,
  UpdateGatewayResponseRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { gatewayResponseTypes } from './constraints.ts';
import { defined, nonEmpty } from './defined.ts';
import { badRequest, notFound } from './errors.ts';
import { findRestApi } from './find.ts';
import { checkContentTypes } from './mapping-expressions.ts';
import { collections, type GatewayResponseDocument } from './model.ts';
import { applyPatch, type PatchRule, type PatchTable } from './patch.ts';

/** The statuses AWS answers with by itself; the two defaults for a whole class of errors have none. */
const statusCodes: Readonly<Partial<Record<GatewayResponseType, string>>> = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
};

const standardTemplates = { 'application/json': '{"message":$context.error.messageString}' };

export function gatewayResponseOperations(aws: Aws) {
  const { gatewayResponses } = collections(aws);

  /** AWS's own response where the API has none, as the API's default for its class of errors changes it. */
  function find(restApiId: string, responseType: GatewayResponseType): GatewayResponse {
    const own = gatewayResponses.get(`${restApiId}/${responseType}`);
    if (own) return present(own);
    const original = defaultResponse(responseType);
    const family = gatewayResponses.get(`${restApiId}/DEFAULT_${original.statusCode?.[0]}XX`);
    return family ? { ...original, ...present(family), responseType, defaultResponse: true } : original;
  }

  function store(restApiId: string, response: GatewayResponse): GatewayResponse {
    checkContentTypes(response.responseTemplates);
    for (const name of Object.keys(response.responseParameters ?? {})) {
      if (!/^gatewayresponse\.(?:header|path|querystring)\..+$/.test(name)) {
        throw badRequest(`Invalid mapping expression specified: ${name}`);
      }
    }
    const document = { ...response, defaultResponse: false, restApiId };
    gatewayResponses.set(`${restApiId}/${response.responseType}`, document);
    return present(document);
  }

  return {
    PutGatewayResponse(input: PutGatewayResponseRequest): GatewayResponse {
      const { restApiId, responseType, statusCode, responseParameters, responseTemplates } = input;
      const { id } = findRestApi(aws, restApiId);
      const type = typeOf(responseType);
      return store(
        id,
        defined({
          responseType: type,
          statusCode: nonEmpty(statusCode) ?? statusCodes[type],
          responseParameters: responseParameters ?? {},
          responseTemplates: responseTemplates ?? standardTemplates,
        }),
      );
    },

    GetGatewayResponse({ restApiId, responseType }: GetGatewayResponseRequest): GatewayResponse {
      return find(findRestApi(aws, restApiId).id, typeOf(responseType));
    },

    GetGatewayResponses({ restApiId }: GetGatewayResponsesRequest): GatewayResponses {
      const { id } = findRestApi(aws, restApiId);
      return { items: gatewayResponseTypes.map(type => find(id, type)) };
    },

    UpdateGatewayResponse(input: UpdateGatewayResponseRequest): GatewayResponse {
      const { id } = findRestApi(aws, input.restApiId);
      const before = find(id, typeOf(input.responseType));
      return store(id, applyPatch(before, input.patchOperations, gatewayResponsePatch));
    },

    DeleteGatewayResponse({ restApiId, responseType }: DeleteGatewayResponseRequest): object {
      const { id } = findRestApi(aws, restApiId);
      if (!gatewayResponses.delete(`${id}/${responseType}`)) {
        throw notFound('Gateway response type not defined on api');
      }
      return {};
    },
  } satisfies Record<string, Operation>;
}

function typeOf(text: string | undefined): GatewayResponseType {
  const type = gatewayResponseTypes.find(known => known === text);
  if (!type) throw badRequest(`Invalid gateway response type specified: ${text}`);
  return type;
}

function defaultResponse(responseType: GatewayResponseType): GatewayResponse {
  return defined({
    responseType,
    statusCode: statusCodes[responseType],
    responseParameters: {},
    responseTemplates: standardTemplates,
    defaultResponse: true,
  });
}

const mapRule = (member: 'responseParameters' | 'responseTemplates'): PatchRule<GatewayResponse> => ({
  path: `/${member}/{}`,
  ops: ['add', 'replace', 'remove'],
  apply(response, { op, names: [name = ''], value }) {
    const map = { ...response[member] };
    if (op !== 'add' && map[name] === undefined) throw notFound('Invalid parameter name specified');
    if (op === 'remove') delete map[name];
    else if (value) map[name] = value;
    else throw badRequest(`Invalid null or empty value in ${member}`);
    return { ...response, [member]: map };
  },
});

const gatewayResponsePatch: PatchTable<GatewayResponse> = {
  wording: 'path only',
  rules: [
    {
      path: '/statusCode',
      ops: ['replace'],
      apply(response, { value = '' }) {
        if (!/^[1-5]\d\d$/.test(value)) throw badRequest('Invalid HTTP status code specified');
        return { ...response, statusCode: value };
      },
    },
    mapRule('responseParameters'),
    mapRule('responseTemplates'),
  ],
};

const present = ({ restApiId: _, ...response }: GatewayResponseDocument): GatewayResponse => response;
