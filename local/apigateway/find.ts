// How operations find what their input names, each with AWS's answer for what is not there.
import type { Integration, Method } from '@aws-sdk/client-api-gateway';
import type { Aws } from '../service.ts';
import { notFound } from './errors.ts';
import { collections, type ResourceDocument, type RestApiDocument, type StageDocument } from './model.ts';

export interface ResourceName {
  readonly restApiId: string | undefined;
  readonly resourceId: string | undefined;
}

interface StageName {
  readonly restApiId: string | undefined;
  readonly stageName: string | undefined;
}

export interface MethodName extends ResourceName {
  readonly httpMethod: string | undefined;
}

export function findRestApi(aws: Aws, restApiId: string | undefined): RestApiDocument {
  const found = collections(aws).restApis.get(restApiId ?? '');
  if (!found) throw notFound(`Invalid API identifier specified ${aws.account}:${restApiId}`);
  return found;
}

export function findStage(aws: Aws, { restApiId, stageName }: StageName): StageDocument {
  const stage = collections(aws).stages.get(`${restApiId}/${stageName}`);
  if (!stage) throw notFound('Invalid stage identifier specified');
  return stage;
}

/** An unknown API is answered as an unknown resource. */
export function findResource(aws: Aws, { restApiId, resourceId }: ResourceName): ResourceDocument {
  const found = collections(aws).resources.get(`${restApiId}/${resourceId}`);
  if (!found) throw notFound('Invalid Resource identifier specified');
  return found;
}

export const resourcesOf = (aws: Aws, restApiId: string): ResourceDocument[] =>
  [...collections(aws).resources.values()].filter(resource => resource.restApiId === restApiId);

export const methodKey = (httpMethod: string | undefined): string => (httpMethod ?? '').toUpperCase();

export function findMethod(
  aws: Aws,
  name: MethodName,
  missing = 'Invalid Method identifier specified',
): Method {
  const method = findResource(aws, name).resourceMethods[methodKey(name.httpMethod)];
  if (!method) throw notFound(missing);
  return method;
}

/** `missingMethod` differs between operations: deletions do not tell a missing method from a missing integration. */
export function findIntegration(aws: Aws, name: MethodName, missingMethod?: string): Integration {
  const { methodIntegration } = findMethod(aws, name, missingMethod);
  if (!methodIntegration) throw notFound('Invalid Integration identifier specified');
  return methodIntegration;
}

/** Puts a changed method back into its resource; undefined removes it. */
export function storeMethod(aws: Aws, name: MethodName, method: Method | undefined): void {
  const resource = findResource(aws, name);
  const key = methodKey(name.httpMethod);
  const { [key]: _, ...others } = resource.resourceMethods;
  collections(aws).resources.set(`${resource.restApiId}/${resource.id}`, {
    ...resource,
    resourceMethods: method ? { ...resource.resourceMethods, [key]: method } : others,
  });
}
