// Somebody else's API in an account, as a model of it says.
import type { Model } from '../core/plan-model.ts';
import type { Account } from './account.ts';

/** Its id. */
export async function makeForeignApi({ asOther }: Account, model: Model): Promise<string> {
  const call = (operation: string, input: object) => asOther('apigateway', operation, input);
  const api = await call('CreateRestApi', {
    name: 'theirs',
    binaryMediaTypes: [...(model.restApi?.binaryMediaTypes ?? [])],
  });
  const restApiId = String(api.id);
  const ids = new Map([['/', String(api.rootResourceId)]]);
  for (const { path, methods } of model.resources) {
    if (path !== '/') {
      const cut = path.lastIndexOf('/');
      const parentId = ids.get(path.slice(0, cut) || '/');
      const made = await call('CreateResource', { restApiId, parentId, pathPart: path.slice(cut + 1) });
      ids.set(path, String(made.id));
    }
    for (const httpMethod of Object.keys(methods)) {
      const target = { restApiId, resourceId: ids.get(path), httpMethod };
      await call('PutMethod', { ...target, authorizationType: 'NONE' });
      await call('PutMethodResponse', { ...target, statusCode: '200' });
      const requestTemplates = { 'application/json': '{"statusCode":200}' };
      await call('PutIntegration', { ...target, type: 'MOCK', requestTemplates });
      await call('PutIntegrationResponse', { ...target, statusCode: '200' });
    }
  }
  for (const { name } of model.requestValidators)
    await call('CreateRequestValidator', { restApiId, name, validateRequestBody: true });
  // API Gateway deploys no API without methods.
  if (model.resources.every(({ methods }) => Object.keys(methods).length === 0)) return restApiId;
  for (const stageName of Object.keys(model.stages)) {
    const deployment = await call('CreateDeployment', { restApiId });
    await call('CreateStage', { restApiId, stageName, deploymentId: deployment.id });
  }
  return restApiId;
}
