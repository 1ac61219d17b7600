// CreateRestApi, GetRestApi, GetRestApis, DeleteRestApi; UpdateRestApi's paths are in rest-api-patch.ts.
import type {
  CreateRestApiRequest,
  DeleteRestApiRequest,
  GetRestApiRequest,
  GetRestApisRequest,
  RestApi,
  RestApis,
  UpdateRestApiRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { cloneRestApi } from './clone-rest-api.ts';
import { defined } from './defined.ts';
import { newEndpointConfiguration } from './endpoint-configuration.ts';
import { badRequest } from './errors.ts';
import { findRestApi } from './find.ts';
import { collections, type RestApiDocument } from './model.ts';
import { newDefaultModels } from './models.ts';
import { pageOf } from './paging.ts';
import { applyPatch } from './patch.ts';
import { parsePolicy } from './resource-policy.ts';
import { parseCompressionSize, restApiPatch } from './rest-api-patch.ts';
import { newTags } from './tags.ts';

export function restApiOperations(aws: Aws) {
  const all = collections(aws);

  function create(input: CreateRestApiRequest): RestApi {
    if (!input.name) throw badRequest('API name must be non-empty');
    if (input.description === '') throw badRequest('Description cannot be an empty string');
    const minimumCompressionSize = parseCompressionSize(input.minimumCompressionSize);
    const endpointConfiguration = newEndpointConfiguration(input.endpointConfiguration);
    const source = input.cloneFrom ? findRestApi(aws, input.cloneFrom) : undefined;
    const restApi: RestApiDocument = defined({
      id: aws.ids.alphanumeric(10),
      name: input.name,
      description: input.description ?? source?.description,
      createdDate: aws.clock.now(),
      version: input.version ?? source?.version,
      binaryMediaTypes: input.binaryMediaTypes?.length ? input.binaryMediaTypes : source?.binaryMediaTypes,
      minimumCompressionSize,
      apiKeySource: input.apiKeySource ?? 'HEADER',
      endpointConfiguration,
      policy: input.policy === undefined ? undefined : parsePolicy(input.policy),
      tags: newTags(input.tags),
      disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
      securityPolicy: input.securityPolicy,
      endpointAccessMode: input.endpointAccessMode,
      rootResourceId: aws.ids.alphanumeric(10),
    });
    all.restApis.set(restApi.id, restApi);
    if (source) cloneRestApi(aws, source, restApi);
    else {
      const rootKey = `${restApi.id}/${restApi.rootResourceId}`;
      all.resources.set(rootKey, {
        restApiId: restApi.id,
        id: restApi.rootResourceId,
        path: '/',
        resourceMethods: {},
      });
      for (const model of newDefaultModels(aws, restApi.id))
        all.models.set(`${restApi.id}/${model.name}`, model);
    }
    return presentRestApi(restApi);
  }

  return {
    CreateRestApi: create,

    GetRestApi: ({ restApiId }: GetRestApiRequest): RestApi => presentRestApi(findRestApi(aws, restApiId)),

    GetRestApis(input: GetRestApisRequest): RestApis {
      const { items, position } = pageOf([...all.restApis.values()], restApi => restApi.id, input);
      return defined({ items: items.map(restApi => presentRestApi(restApi)), position });
    },

    UpdateRestApi({ restApiId, patchOperations }: UpdateRestApiRequest): RestApi {
      const restApi = applyPatch(findRestApi(aws, restApiId), patchOperations, restApiPatch);
      all.restApis.set(restApi.id, defined(restApi));
      // Unlike the other operations, an update always names the tags.
      return { ...presentRestApi(restApi), tags: restApi.tags ?? {} };
    },

    DeleteRestApi({ restApiId }: DeleteRestApiRequest): object {
      const { id } = findRestApi(aws, restApiId);
      const { restApis, ...partsOfApis } = all;
      for (const part of Object.values(partsOfApis)) {
        for (const key of [...part.keys()]) if (key.startsWith(`${id}/`)) part.delete(key);
      }
      restApis.delete(id);
      return {};
    },
  } satisfies Record<string, Operation>;
}

/** As answers show it: the policy escaped once more than it is, as AWS does. */
function presentRestApi(restApi: RestApiDocument): RestApi {
  const { createdDate, policy, ...members } = restApi;
  return defined({
    ...members,
    createdDate: createdDate === undefined ? undefined : new Date(createdDate),
    policy: policy === undefined ? undefined : JSON.stringify(policy).slice(1, -1),
  });
}
