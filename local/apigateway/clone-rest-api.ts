// Copies what an API consists of into a new one, for CreateRestApi's `cloneFrom`.
import type { Aws } from '../service.ts';
import { defined } from './defined.ts';
import { collections, type RestApiDocument, snapshotOf } from './model.ts';

/** A clone has its own ids: references between its parts are rewritten with them. */
export function cloneRestApi(aws: Aws, source: RestApiDocument, target: RestApiDocument): void {
  const all = collections(aws);
  const from = snapshotOf(aws, source);
  const restApiId = target.id;
  const newIds = new Map<string, string>([[source.rootResourceId, target.rootResourceId]]);
  const renamed = (id: string | undefined) => {
    if (id === undefined) return undefined;
    const known = newIds.get(id) ?? aws.ids.alphanumeric(6);
    newIds.set(id, known);
    return known;
  };
  for (const validator of from.requestValidators) {
    const id = renamed(validator.id);
    all.requestValidators.set(`${restApiId}/${id}`, { ...validator, restApiId, id });
  }
  for (const authorizer of from.authorizers) {
    const id = renamed(authorizer.id);
    all.authorizers.set(`${restApiId}/${id}`, { ...authorizer, restApiId, id });
  }
  for (const model of from.models) {
    all.models.set(`${restApiId}/${model.name}`, { ...model, restApiId, id: renamed(model.id) });
  }
  for (const response of from.gatewayResponses) {
    all.gatewayResponses.set(`${restApiId}/${response.responseType}`, { ...response, restApiId });
  }
  for (const resource of from.resources) {
    const id = renamed(resource.id) ?? '';
    const methods = Object.entries(resource.resourceMethods).map(([httpMethod, method]) => [
      httpMethod,
      defined({
        ...method,
        requestValidatorId: renamed(method.requestValidatorId),
        authorizerId: renamed(method.authorizerId),
        methodIntegration: method.methodIntegration && { ...method.methodIntegration, cacheNamespace: id },
      }),
    ]);
    const parent = renamed(resource.parentId);
    all.resources.set(`${restApiId}/${id}`, {
      ...resource,
      ...(parent === undefined ? {} : { parentId: parent }),
      restApiId,
      id,
      resourceMethods: Object.fromEntries(methods),
    });
  }
}
