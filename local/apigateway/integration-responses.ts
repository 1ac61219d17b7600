// PutIntegrationResponse, GetIntegrationResponse, UpdateIntegrationResponse, DeleteIntegrationResponse.
import type {
  DeleteIntegrationResponseRequest,
  GetIntegrationResponseRequest,
  IntegrationResponse,
  PutIntegrationResponseRequest,
  UpdateIntegrationResponseRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined, without } from './defined.ts';
import { badRequest, notFound } from './errors.ts';
import { findIntegration, findMethod, type MethodName, storeMethod } from './find.ts';
import { integrationResponsePatch } from './integration-patch.ts';
import { checkContentTypes, checkIntegrationResponseParameters } from './mapping-expressions.ts';
import { applyPatch } from './patch.ts';
import { templatesOf } from './templates.ts';

type ResponseName = MethodName & { readonly statusCode: string | undefined };

export function integrationResponseOperations(aws: Aws) {
  function find(name: ResponseName, missingMethod?: string): IntegrationResponse {
    const integration = findIntegration(aws, name, missingMethod);
    const response = integration.integrationResponses?.[name.statusCode ?? ''];
    if (!response) throw notFound('Invalid Response status code specified');
    return response;
  }

  function checked(name: ResponseName, response: IntegrationResponse): IntegrationResponse {
    checkSelectionPattern(response.selectionPattern);
    checkContentTypes(response.responseTemplates);
    const declared = findMethod(aws, name).methodResponses?.[name.statusCode ?? '']?.responseParameters;
    checkIntegrationResponseParameters(response.responseParameters, declared);
    return defined(response);
  }

  function store(name: ResponseName, response: IntegrationResponse | undefined): void {
    const method = findMethod(aws, name);
    const statusCode = name.statusCode ?? '';
    const { integrationResponses, ...integration } = method.methodIntegration ?? {};
    const changed = response
      ? { ...integrationResponses, [statusCode]: response }
      : without(integrationResponses, statusCode);
    storeMethod(aws, name, {
      ...method,
      methodIntegration: defined({ ...integration, integrationResponses: changed }),
    });
  }

  return {
    /** Replaces a response that is there already. AWS does not ask for a method response with that status. */
    PutIntegrationResponse(input: PutIntegrationResponseRequest): IntegrationResponse {
      const { statusCode, selectionPattern, responseParameters, responseTemplates, contentHandling } = input;
      findIntegration(aws, input);
      const response = checked(input, {
        statusCode,
        selectionPattern,
        responseParameters,
        responseTemplates: templatesOf(responseTemplates),
        contentHandling,
      });
      store(input, response);
      return response;
    },

    GetIntegrationResponse: (name: GetIntegrationResponseRequest): IntegrationResponse => find(name),

    UpdateIntegrationResponse({
      patchOperations,
      ...name
    }: UpdateIntegrationResponseRequest): IntegrationResponse {
      const response = checked(name, applyPatch(find(name), patchOperations, integrationResponsePatch));
      store(name, response);
      return response;
    },

    DeleteIntegrationResponse(name: DeleteIntegrationResponseRequest): object {
      find(name, 'Invalid Integration identifier specified');
      store(name, undefined);
      return {};
    },
  } satisfies Record<string, Operation>;
}

/** Java's regular expressions; what JavaScript refuses too, apart from the constructs only Java has. */
function checkSelectionPattern(pattern: string | undefined): void {
  try {
    new RegExp((pattern ?? '').replaceAll(/\(\?[a-z]+\)|[*+?}]\+/g, ''));
  } catch {
    throw badRequest('Invalid regex pattern specified');
  }
}
