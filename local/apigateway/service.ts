// API Gateway's control plane for REST APIs: every operation it implements, over the account store.
import type { TestInvokeMethodRequest } from '@aws-sdk/client-api-gateway';
import type { Aws, CallContext, Operation, Service } from '../service.ts';
import { accountOperations } from './account.ts';
import { apiKeyOperations } from './api-keys.ts';
import { authorizationsOf, bindingOf } from './authorize.ts';
import { authorizerOperations } from './authorizers.ts';
import { deploymentOperations } from './deployments.ts';
import { documentationPartOperations, documentationVersionOperations } from './documentation.ts';
import { notFound } from './errors.ts';
import { exportOperations } from './export.ts';
import { findResource, findRestApi, methodKey } from './find.ts';
import { gatewayResponseOperations } from './gateway-responses.ts';
import { importOperations } from './import/operations.ts';
import { integrationResponseOperations } from './integration-responses.ts';
import { integrationOperations } from './integrations.ts';
import { methodResponseOperations } from './method-responses.ts';
import { methodOperations } from './methods.ts';
import { snapshotOf } from './model.ts';
import { modelOperations } from './models.ts';
import { requestValidatorOperations } from './request-validators.ts';
import { resourceOperations } from './resources.ts';
import { restApiOperations } from './rest-apis.ts';
import { stageOperations } from './stages.ts';
import { tagOperations } from './tags.ts';
import { usagePlanOperations } from './usage-plans.ts';
import { validateInput } from './validate.ts';

export function apiGatewayService(aws: Aws): Service {
  const checked: Record<string, Operation> = {};
  let loaded: Promise<typeof import('../execute-api/test-invoke.ts')> | undefined;
  const operations: Record<string, Operation> = {
    ...restApiOperations(aws),
    ...resourceOperations(aws),
    ...methodOperations(aws),
    ...methodResponseOperations(aws),
    ...integrationOperations(aws),
    ...integrationResponseOperations(aws),
    ...modelOperations(aws),
    ...requestValidatorOperations(aws),
    ...authorizerOperations(aws),
    ...gatewayResponseOperations(aws),
    ...deploymentOperations(aws),
    ...stageOperations(aws),
    ...documentationPartOperations(aws),
    ...documentationVersionOperations(aws),
    ...tagOperations(aws),
    ...accountOperations(aws),
    ...apiKeyOperations(aws),
    ...usagePlanOperations(aws),
    ...exportOperations(aws),
    ...importOperations(aws, (name, input, call) => checked[name]?.(input, call) ?? {}),
    async TestInvokeMethod(input: TestInvokeMethodRequest, { caller }: CallContext) {
      const { resourceMethods, restApiId } = findResource(aws, input);
      if (!resourceMethods[methodKey(input.httpMethod)] && !resourceMethods.ANY) {
        throw notFound('Invalid Method identifier specified');
      }
      loaded ??= import('../execute-api/test-invoke.ts').finally(aws.clock.hold());
      const { testInvokeMethod } = await loaded;
      return testInvokeMethod(aws, snapshotOf(aws, findRestApi(aws, restApiId)), input, caller);
    },
  };
  const bindings = new Map(Object.keys(operations).map(name => [name, bindingOf(name)]));
  for (const [name, run] of Object.entries(operations)) {
    checked[name] = (input, call) => {
      validateInput(name, input, bindings.get(name)?.members ?? []);
      return run(input, call);
    };
  }
  return {
    operations: checked,
    authorize: (operation, input, call) => authorizationsOf(bindings.get(operation), operation, input, call),
  };
}
