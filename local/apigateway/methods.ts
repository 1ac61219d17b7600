// PutMethod, GetMethod, UpdateMethod, DeleteMethod.
import type {
  DeleteMethodRequest,
  GetMethodRequest,
  Method,
  PutMethodRequest,
  UpdateMethodRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined, nonEmpty, without } from './defined.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { findMethod, findResource, storeMethod } from './find.ts';
import { parseHttpMethod } from './http-methods.ts';
import { checkContentTypes, checkRequestParameters } from './mapping-expressions.ts';
import { collections } from './model.ts';
import { applyPatch, type PatchTable, replaceFlag } from './patch.ts';

const authorizationTypes = ['NONE', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS'];

export function methodOperations(aws: Aws) {
  const all = collections(aws);

  /** Checks what a method refers to, and leaves out an authorizer its authorization type does not use. */
  function checked(restApiId: string | undefined, method: Method): Method {
    const authorizationType = (method.authorizationType ?? '').toUpperCase();
    if (!authorizationTypes.includes(authorizationType)) {
      throw badRequest(
        `Invalid AuthorizationType specified. Valid options are ${authorizationTypes.join(',')}`,
      );
    }
    const usesAuthorizer = authorizationType === 'CUSTOM' || authorizationType === 'COGNITO_USER_POOLS';
    if (usesAuthorizer && !all.authorizers.has(`${restApiId}/${method.authorizerId}`)) {
      throw badRequest(
        'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
      );
    }
    if (
      method.requestValidatorId &&
      !all.requestValidators.has(`${restApiId}/${method.requestValidatorId}`)
    ) {
      throw badRequest('Invalid Request Validator identifier specified');
    }
    if (method.authorizationScopes?.length && authorizationType !== 'COGNITO_USER_POOLS') {
      throw badRequest('Authorization Scopes are only valid for COGNITO_USER_POOLS authorization type');
    }
    checkRequestParameters(method.requestParameters);
    checkModels(restApiId, method.requestModels);
    return defined({
      ...method,
      authorizationType,
      authorizerId: usesAuthorizer ? method.authorizerId : undefined,
      requestValidatorId: nonEmpty(method.requestValidatorId),
      operationName: nonEmpty(method.operationName),
    });
  }

  function checkModels(restApiId: string | undefined, models: Record<string, string> | undefined): void {
    checkContentTypes(models);
    for (const name of Object.values(models ?? {})) {
      if (!all.models.has(`${restApiId}/${name}`)) {
        throw badRequest(`Invalid model identifier specified: ${name}`);
      }
    }
  }

  return {
    PutMethod(input: PutMethodRequest): Method {
      const { restApiId, resourceId, ...members } = input;
      const resource = findResource(aws, input);
      const httpMethod = parseHttpMethod(input.httpMethod);
      if (resource.resourceMethods[httpMethod]) throw conflict('Method already exists for this resource');
      const method = checked(restApiId, {
        ...members,
        httpMethod,
        apiKeyRequired: members.apiKeyRequired ?? false,
      });
      storeMethod(aws, input, method);
      return method;
    },

    GetMethod: (name: GetMethodRequest): Method => findMethod(aws, name),

    UpdateMethod({ patchOperations, ...name }: UpdateMethodRequest): Method {
      const method = checked(name.restApiId, applyPatch(findMethod(aws, name), patchOperations, methodPatch));
      storeMethod(aws, name, method);
      return method;
    },

    DeleteMethod(name: DeleteMethodRequest): object {
      findMethod(aws, name);
      storeMethod(aws, name, undefined);
      return {};
    },
  } satisfies Record<string, Operation>;
}

const methodPatch: PatchTable<Method> = {
  wording: 'path first',
  rules: [
    {
      path: '/requestParameters/{}',
      ops: ['add', 'replace', 'remove'],
      apply(method, { op, names: [name = ''], value }) {
        const { requestParameters } = method;
        if (op !== 'add' && requestParameters?.[name] === undefined) {
          throw notFound('Invalid parameter name specified');
        }
        if (op === 'remove') return { ...method, requestParameters: without(requestParameters, name) };
        return {
          ...method,
          requestParameters: { ...requestParameters, [name]: value?.toLowerCase() === 'true' },
        };
      },
    },
    {
      path: '/requestModels/{}',
      ops: ['add', 'replace', 'remove'],
      apply(method, { op, names: [type = ''], value = '' }) {
        const { requestModels } = method;
        if (op !== 'add' && requestModels?.[type] === undefined) {
          throw notFound('Content-Type specified was not found');
        }
        if (op === 'remove') return { ...method, requestModels: without(requestModels, type) };
        return { ...method, requestModels: { ...requestModels, [type]: value } };
      },
    },
    {
      path: '/authorizationScopes',
      ops: ['add', 'replace', 'remove'],
      apply(method, { op, value = '' }) {
        const scopes =
          op === 'replace' ? [] : (method.authorizationScopes ?? []).filter(scope => scope !== value);
        const changed = op === 'remove' ? scopes : [...scopes, ...value.split(',').filter(Boolean)];
        return { ...method, authorizationScopes: changed.length > 0 ? changed : undefined };
      },
    },
    ...(['authorizationType', 'authorizerId', 'operationName', 'requestValidatorId'] as const).map(
      member => ({
        path: `/${member}`,
        ops: ['replace'] as const,
        apply: (method: Method, { value }: { readonly value: string | undefined }) => ({
          ...method,
          [member]: value,
        }),
      }),
    ),
    replaceFlag('apiKeyRequired'),
  ],
};
