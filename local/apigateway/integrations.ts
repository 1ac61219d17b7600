// PutIntegration, GetIntegration, UpdateIntegration, DeleteIntegration.
import type {
  DeleteIntegrationRequest,
  GetIntegrationRequest,
  Integration,
  PutIntegrationRequest,
  UpdateIntegrationRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined, nonEmpty } from './defined.ts';
import { badRequest } from './errors.ts';
import { findIntegration, findMethod, type MethodName, storeMethod } from './find.ts';
import { parseHttpMethod } from './http-methods.ts';
import { integrationPatch } from './integration-patch.ts';
import { checkTarget } from './integration-uri.ts';
import { checkContentTypes, checkIntegrationParameters } from './mapping-expressions.ts';
import { applyPatch } from './patch.ts';
import { templatesOf } from './templates.ts';

const passthroughBehaviors = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'];

export function integrationOperations(aws: Aws) {
  function checked(name: MethodName, integration: Integration): Integration {
    const { timeoutInMillis = 0, passthroughBehavior = '', cacheKeyParameters } = integration;
    checkTarget(integration, aws.account);
    const longest = integration.responseTransferMode === 'STREAM' ? 900_000 : 29_000;
    if (!(timeoutInMillis >= 50 && timeoutInMillis <= longest)) {
      throw badRequest(`Timeout should be between 50 ms and ${longest} ms`);
    }
    if (!passthroughBehaviors.includes(passthroughBehavior)) {
      throw badRequest(
        `Invalid PassthroughBehavior specified. Valid options are ${passthroughBehaviors.join(',')}`,
      );
    }
    checkContentTypes(integration.requestTemplates);
    const declared = findMethod(aws, name).requestParameters;
    checkIntegrationParameters(integration.requestParameters, declared);
    const mapped = [integration.requestParameters, declared].flatMap(map => Object.keys(map ?? {}));
    if (cacheKeyParameters?.some(parameter => !mapped.includes(parameter))) {
      throw badRequest('Invalid cache key parameter specified');
    }
    return defined(integration);
  }

  function store(name: MethodName, methodIntegration: Integration | undefined): void {
    storeMethod(aws, name, defined({ ...findMethod(aws, name), methodIntegration }));
  }

  return {
    /** Replaces an integration that is there already, and with it its responses. */
    PutIntegration(input: PutIntegrationRequest): Integration {
      findMethod(aws, input);
      const { type, uri, connectionType } = input;
      const isHttp = type === 'HTTP' || type === 'HTTP_PROXY';
      const target = {
        httpMethod: type === 'MOCK' ? undefined : parseHttpMethod(input.integrationHttpMethod),
        uri,
        connectionType: connectionType ?? (isHttp ? 'INTERNET' : undefined),
        connectionId: nonEmpty(input.connectionId),
      };
      const integration = checked(input, {
        type,
        ...(type === 'MOCK' ? {} : target),
        credentials: nonEmpty(input.credentials),
        requestParameters: input.requestParameters,
        requestTemplates: templatesOf(input.requestTemplates),
        passthroughBehavior: input.passthroughBehavior ?? 'WHEN_NO_MATCH',
        contentHandling: input.contentHandling,
        timeoutInMillis: input.timeoutInMillis ?? 29_000,
        cacheNamespace: input.cacheNamespace ?? input.resourceId,
        cacheKeyParameters: input.cacheKeyParameters ?? [],
        tlsConfig: input.tlsConfig,
        responseTransferMode: input.responseTransferMode,
        integrationTarget: input.integrationTarget,
      });
      store(input, integration);
      return integration;
    },

    GetIntegration: (name: GetIntegrationRequest): Integration => findIntegration(aws, name),

    UpdateIntegration({ patchOperations, ...name }: UpdateIntegrationRequest): Integration {
      const integration = checked(
        name,
        applyPatch(findIntegration(aws, name), patchOperations, integrationPatch),
      );
      store(name, integration);
      return integration;
    },

    DeleteIntegration(name: DeleteIntegrationRequest): object {
      findIntegration(aws, name, 'Invalid Integration identifier specified');
      store(name, undefined);
      return {};
    },
  } satisfies Record<string, Operation>;
}
