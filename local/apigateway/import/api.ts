// What an imported document says of the API as a whole: its settings, models, validators, authorizers and responses.
import type { RestApi } from '@aws-sdk/client-api-gateway';
import type { JsonObject } from '../../../core/openapi.ts';
import { defined } from '../defined.ts';
import { badRequest } from '../errors.ts';
import { findRestApi } from '../find.ts';
import { collections, type RestApiDocument } from '../model.ts';
import { checkSchema } from '../model-schema.ts';
import { parsePolicy } from '../resource-policy.ts';
import { parseCompressionSize } from '../rest-api-patch.ts';
import type { Import } from './changes.ts';
import { list, objects, text } from './json.ts';
import { authorizersOf } from './security.ts';

const extension = (document: JsonObject, name: string) => document[`x-amazon-apigateway-${name}`];

/**
 * A merge leaves alone what the document does not say; an overwrite sets it back, but for the kind of endpoint.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html
 */
export function importSettings({ aws, restApiId, isOverwrite, attempt }: Import, document: JsonObject): void {
  const { title, version, description } = objects(document.info);
  const before = findRestApi(aws, restApiId);
  const kept: Partial<RestApiDocument> = isOverwrite ? {} : before;
  const given = list(extension(document, 'binary-media-types')).map(String);
  const types = [...new Set([...(kept.binaryMediaTypes ?? []), ...given])];
  const policy = extension(document, 'policy');
  const size = extension(document, 'minimum-compression-size');
  const endpoint = objects(extension(document, 'endpoint-configuration'));
  const vpcEndpointIds = list(endpoint.vpcEndpointIds).map(String);
  attempt('Unable to update API', () => {
    if (!text(title)) throw badRequest('API name must be non-empty');
    collections(aws).restApis.set(
      restApiId,
      defined({
        ...before,
        name: text(title),
        description: text(description) ?? kept.description,
        version: text(version) ?? kept.version,
        binaryMediaTypes: types.length > 0 ? types : undefined,
        policy: policy === undefined ? kept.policy : parsePolicy(JSON.stringify(policy)),
        minimumCompressionSize:
          size === undefined ? kept.minimumCompressionSize : parseCompressionSize(text(size)),
        apiKeySource: (text(extension(document, 'api-key-source'))?.toUpperCase() ??
          kept.apiKeySource ??
          'HEADER') as RestApi['apiKeySource'],
        disableExecuteApiEndpoint:
          endpoint.disableExecuteApiEndpoint === undefined
            ? (kept.disableExecuteApiEndpoint ?? false)
            : endpoint.disableExecuteApiEndpoint === true,
        endpointConfiguration:
          vpcEndpointIds.length > 0
            ? { ...before.endpointConfiguration, vpcEndpointIds }
            : before.endpointConfiguration,
      }),
    );
  });
}

/** The models of the document replace those of the same name; they may refer to each other in circles. */
export function importModels({ aws, restApiId, isOverwrite, attempt }: Import, document: JsonObject): void {
  const { models } = collections(aws);
  const schemas = Object.entries(objects(objects(document.components).schemas));
  const names = new Set(schemas.map(([name]) => name));
  if (isOverwrite) {
    for (const { restApiId: of, name = '' } of [...models.values()])
      if (of === restApiId && !names.has(name)) models.delete(`${restApiId}/${name}`);
  }
  for (const [name, schema] of schemas) putModel({ aws, restApiId, attempt }, name, objects(schema), names);
}

export function putModel(
  { aws, restApiId, attempt }: Pick<Import, 'aws' | 'restApiId' | 'attempt'>,
  name: string,
  schema: JsonObject,
  names: ReadonlySet<string>,
): void {
  const { models } = collections(aws);
  const contentType = 'application/json';
  attempt(`Unable to create model for '${name}'`, () => {
    if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
    const address = `https://apigateway.amazonaws.com/restapis/${restApiId}/models/`;
    const written = JSON.stringify(schema, null, 2).replaceAll('"#/components/schemas/', `"${address}`);
    checkSchema(contentType, written, one => names.has(one) || models.has(`${restApiId}/${one}`));
    const id = models.get(`${restApiId}/${name}`)?.id ?? aws.ids.alphanumeric(6);
    models.set(`${restApiId}/${name}`, { restApiId, id, name, contentType, schema: written });
  });
}

/** The id of each of the document's request validators; one of the same name is changed. */
export function importValidators(
  { aws, restApiId, isOverwrite, attempt, run }: Import,
  document: JsonObject,
): ReadonlyMap<string, string> {
  const { requestValidators } = collections(aws);
  const ofApi = () => [...requestValidators.values()].filter(one => one.restApiId === restApiId);
  const ids = new Map(ofApi().map(({ name = '', id = '' }) => [name, id]));
  const given = objects(extension(document, 'request-validators'));
  for (const [name, checks] of Object.entries(given)) {
    const { validateRequestBody, validateRequestParameters } = objects(checks);
    const id = ids.get(name);
    const flags = {
      validateRequestBody: validateRequestBody === true,
      validateRequestParameters: validateRequestParameters === true,
    };
    if (id === undefined) {
      const made = attempt(`Unable to create request validator '${name}'`, () =>
        run('CreateRequestValidator', { name, ...flags }),
      );
      ids.set(name, text(objects(made).id) ?? '');
    } else requestValidators.set(`${restApiId}/${id}`, { restApiId, id, name, ...flags });
  }
  if (isOverwrite)
    for (const { id, name = '' } of ofApi())
      if (!(name in given)) requestValidators.delete(`${restApiId}/${id}`);
  return ids;
}

/** The id of each of the document's authorizers; one of the same name is replaced. */
export function importAuthorizers(
  { aws, restApiId, isOverwrite, attempt, run }: Import,
  document: JsonObject,
): ReadonlyMap<string, string> {
  const { authorizers } = collections(aws);
  const ofApi = () => [...authorizers.values()].filter(one => one.restApiId === restApiId);
  const before = new Map(ofApi().map(({ name = '', id = '' }) => [name, id]));
  const ids = new Map<string, string>();
  for (const authorizer of authorizersOf(document)) {
    attempt(`Unable to create authorizer '${authorizer.name}'`, () => {
      const made = objects(run('CreateAuthorizer', authorizer));
      const madeKey = `${restApiId}/${text(made.id)}`;
      const id = before.get(authorizer.name) ?? text(made.id) ?? '';
      const document = authorizers.get(madeKey);
      authorizers.delete(madeKey);
      if (document) authorizers.set(`${restApiId}/${id}`, { ...document, id });
      ids.set(authorizer.name, id);
    });
  }
  if (isOverwrite)
    for (const { id, name = '' } of ofApi()) if (!ids.has(name)) authorizers.delete(`${restApiId}/${id}`);
  return ids;
}

export function importGatewayResponses(
  { aws, restApiId, isOverwrite, attempt, run }: Import,
  document: JsonObject,
): void {
  const { gatewayResponses } = collections(aws);
  if (isOverwrite)
    for (const { restApiId: of, responseType } of [...gatewayResponses.values()])
      if (of === restApiId) gatewayResponses.delete(`${restApiId}/${responseType}`);
  for (const [responseType, given] of Object.entries(objects(extension(document, 'gateway-responses')))) {
    const { statusCode, responseParameters, responseTemplates } = objects(given);
    attempt(`Unable to put gateway response '${responseType}'`, () =>
      run(
        'PutGatewayResponse',
        defined({ responseType, statusCode: text(statusCode), responseParameters, responseTemplates }),
      ),
    );
  }
}
