// The paths of an imported document: resources that are missing, and each method with everything below it.
import type { JsonObject } from '../../../core/openapi.ts';
import { resourcesOf } from '../find.ts';
import { collections, type ResourceDocument } from '../model.ts';
import { putModel } from './api.ts';
import type { Import } from './changes.ts';
import { isObject, objects, operationNames, text } from './json.ts';
import { importedMethod } from './method.ts';
import { securityOf } from './security.ts';

/** Ids by name, of what methods refer to. */
interface Surroundings {
  readonly validators: ReadonlyMap<string, string>;
  readonly authorizers: ReadonlyMap<string, string>;
}

export function importPaths(
  one: Import,
  document: JsonObject,
  basePath: string,
  surroundings: Surroundings,
): void {
  const kept = new Set(['/']);
  for (const [path, item] of Object.entries(objects(document.paths))) {
    const full = `${basePath}${path}`.replace(/(?<=.)\/$/, '');
    const resource = ensureResource(one, full, kept);
    if (!resource) continue;
    const defined = Object.keys(operationNames).filter(name => isObject(objects(item)[name]));
    if (one.isOverwrite) keepMethods(one, resource.id, defined);
    for (const name of defined) {
      const at = { id: resource.id, path: full, where: `paths.'${path}'(${name})` };
      putOperation(one, document, objects(item), name, at, surroundings);
    }
  }
  if (one.isOverwrite) removeOthers(one, kept);
}

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';

/** The resource of a path with all above it; one that is there keeps its id, in an overwrite too (recorded on AWS). */
function ensureResource(one: Import, path: string, kept: Set<string>): ResourceDocument | undefined {
  const found = resourcesOf(one.aws, one.restApiId).find(resource => resource.path === (path || '/'));
  const parent = path === '' || path === '/' ? undefined : ensureResource(one, parentOf(path), kept);
  kept.add(path || '/');
  if (found || !parent) return found;
  const pathPart = path.slice(path.lastIndexOf('/') + 1);
  one.attempt(`Unable to create resource at path '${path}'`, () =>
    one.run('CreateResource', { parentId: parent.id, pathPart }),
  );
  return resourcesOf(one.aws, one.restApiId).find(resource => resource.path === path);
}

function keepMethods({ aws, restApiId }: Import, resourceId: string, defined: readonly string[]): void {
  const { resources } = collections(aws);
  const resource = resources.get(`${restApiId}/${resourceId}`);
  if (!resource) return;
  const names = defined.map(name => operationNames[name]);
  const resourceMethods = Object.fromEntries(
    Object.entries(resource.resourceMethods).filter(([httpMethod]) => names.includes(httpMethod)),
  );
  resources.set(`${restApiId}/${resourceId}`, { ...resource, resourceMethods });
}

/** What an overwrite leaves out; a resource above one that is kept stays without methods of its own. */
function removeOthers({ aws, restApiId }: Import, kept: ReadonlySet<string>): void {
  const { resources } = collections(aws);
  for (const { id, path } of resourcesOf(aws, restApiId))
    if (!kept.has(path)) resources.delete(`${restApiId}/${id}`);
}

interface Place {
  readonly id: string;
  readonly path: string;
  /** Where the operation is in the document. */
  readonly where: string;
}

/** The document's definition of a method takes the place of the one that is there. */
function putOperation(
  one: Import,
  document: JsonObject,
  item: JsonObject,
  name: string,
  { id, path, where }: Place,
  { validators, authorizers }: Surroundings,
): void {
  const operation = objects(item[name]);
  const httpMethod = operationNames[name] ?? name;
  const target = { resourceId: id, httpMethod };
  const imported = importedMethod(operation, item, schema => modelFor(one, document, schema), where);
  one.warn(...imported.warnings);
  const validator = text(
    operation['x-amazon-apigateway-request-validator'] ?? document['x-amazon-apigateway-request-validator'],
  );
  const requestValidatorId = validator === undefined ? undefined : (validators.get(validator) ?? validator);
  const resource = collections(one.aws).resources.get(`${one.restApiId}/${id}`);
  if (resource?.resourceMethods[httpMethod]) one.run('DeleteMethod', target);
  const isPut = one.attempt(`Unable to put method '${httpMethod}' on resource at path '${path}'`, () =>
    one.run('PutMethod', {
      ...target,
      ...imported.method,
      ...securityOf(document, operation, scheme => authorizers.get(scheme)),
      ...(requestValidatorId !== undefined && { requestValidatorId }),
    }),
  );
  if (isPut === undefined) return;
  const on = `on '${httpMethod}' for resource at path '${path}'`;
  for (const response of imported.responses)
    one.attempt(`Unable to put method response ${on}`, () =>
      one.run('PutMethodResponse', { ...target, ...response }),
    );
  if (!imported.integration) return;
  const isIntegrated = one.attempt(`Unable to put integration ${on}`, () =>
    one.run('PutIntegration', { ...target, ...imported.integration }),
  );
  if (isIntegrated === undefined) return;
  for (const response of imported.integrationResponses)
    one.attempt(`Unable to put integration response ${on}`, () =>
      one.run('PutIntegrationResponse', { ...target, ...response }),
    );
}

/** The model that a reference names, if the document has it; a schema on the spot becomes a model of its own. */
function modelFor(one: Import, document: JsonObject, schema: JsonObject): string | undefined {
  const schemas = objects(objects(document.components).schemas);
  const reference = text(schema.$ref);
  if (reference === undefined) {
    const name = `MODEL${one.aws.ids.hex(6)}`;
    putModel(one, name, schema, new Set(Object.keys(schemas)));
    return name;
  }
  const name = reference.replace('#/components/schemas/', '');
  return name in schemas ? name : undefined;
}
