// PutMethodResponse, GetMethodResponse, UpdateMethodResponse, DeleteMethodResponse.
import type {
  DeleteMethodResponseRequest,
  GetMethodResponseRequest,
  MethodResponse,
  PutMethodResponseRequest,
  UpdateMethodResponseRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined, without } from './defined.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { findMethod, type MethodName, storeMethod } from './find.ts';
import { checkContentTypes, checkResponseParameters } from './mapping-expressions.ts';
import { collections } from './model.ts';
import { applyPatch, type PatchTable } from './patch.ts';

type ResponseName = MethodName & { readonly statusCode: string | undefined };

export function methodResponseOperations(aws: Aws) {
  function find(name: ResponseName): MethodResponse {
    const response = findMethod(aws, name).methodResponses?.[name.statusCode ?? ''];
    if (!response) throw notFound('Invalid Response status code specified');
    return response;
  }

  function store(name: ResponseName, response: MethodResponse | undefined): void {
    const method = findMethod(aws, name);
    const { methodResponses } = method;
    const statusCode = name.statusCode ?? '';
    const changed = response
      ? { ...methodResponses, [statusCode]: response }
      : without(methodResponses, statusCode);
    storeMethod(aws, name, defined({ ...method, methodResponses: changed }));
  }

  function checked(restApiId: string | undefined, response: MethodResponse): MethodResponse {
    checkResponseParameters(response.responseParameters);
    checkContentTypes(response.responseModels);
    for (const model of Object.values(response.responseModels ?? {})) {
      if (!collections(aws).models.has(`${restApiId}/${model}`)) {
        throw badRequest(`Invalid model identifier specified: ${model}`);
      }
    }
    return defined(response);
  }

  return {
    PutMethodResponse(input: PutMethodResponseRequest): MethodResponse {
      const { statusCode = '', responseParameters, responseModels } = input;
      if (findMethod(aws, input).methodResponses?.[statusCode]) {
        throw conflict('Response already exists for this resource');
      }
      const response = checked(input.restApiId, { statusCode, responseParameters, responseModels });
      store(input, response);
      return response;
    },

    GetMethodResponse: (name: GetMethodResponseRequest): MethodResponse => find(name),

    UpdateMethodResponse({ patchOperations, ...name }: UpdateMethodResponseRequest): MethodResponse {
      const response = checked(name.restApiId, applyPatch(find(name), patchOperations, methodResponsePatch));
      store(name, response);
      return response;
    },

    DeleteMethodResponse(name: DeleteMethodResponseRequest): object {
      find(name);
      store(name, undefined);
      return {};
    },
  } satisfies Record<string, Operation>;
}

const methodResponsePatch: PatchTable<MethodResponse> = {
  wording: 'path first',
  rules: [
    {
      path: '/responseParameters/{}',
      ops: ['add', 'replace', 'remove'],
      apply(response, { op, names: [name = ''], value }) {
        const { responseParameters } = response;
        if (op !== 'add' && responseParameters?.[name] === undefined) {
          throw notFound('Invalid parameter name specified');
        }
        if (op === 'remove') return { ...response, responseParameters: without(responseParameters, name) };
        const required = value?.toLowerCase() === 'true';
        return { ...response, responseParameters: { ...responseParameters, [name]: required } };
      },
    },
    {
      path: '/responseModels/{}',
      ops: ['add', 'replace', 'remove'],
      apply(response, { op, names: [type = ''], value = '' }) {
        const { responseModels } = response;
        if (op !== 'add' && responseModels?.[type] === undefined) {
          throw notFound('Content-Type specified was not found');
        }
        if (op === 'remove') return { ...response, responseModels: without(responseModels, type) };
        return { ...response, responseModels: { ...responseModels, [type]: value } };
      },
    },
  ],
};
