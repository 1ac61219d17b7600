// CreateResource, GetResource, GetResources, UpdateResource, DeleteResource: the tree of an API's paths.
import type {
  CreateResourceRequest,
  DeleteResourceRequest,
  GetResourceRequest,
  GetResourcesRequest,
  Resource,
  Resources,
  UpdateResourceRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined } from './defined.ts';
import { badRequest, conflict, limitExceeded } from './errors.ts';
import { findResource, findRestApi, resourcesOf } from './find.ts';
import { collections, type ResourceDocument } from './model.ts';
import { pageOf } from './paging.ts';
import { applyPatch, type PatchTable } from './patch.ts';

const mostResources = 300;
const isVariable = (pathPart: string) => pathPart.startsWith('{') && pathPart.endsWith('}');
const isGreedy = (pathPart: string | undefined) => pathPart?.endsWith('+}') ?? false;
const pathOf = (parent: ResourceDocument, pathPart: string) =>
  `${parent.path === '/' ? '' : parent.path}/${pathPart}`;

export function resourceOperations(aws: Aws) {
  const { resources } = collections(aws);
  const store = (resource: ResourceDocument) =>
    resources.set(`${resource.restApiId}/${resource.id}`, resource);

  /** What AWS demands of a place in the tree; `self` is the resource that moves there. */
  function checkPlace(parent: ResourceDocument, pathPart: string, self?: ResourceDocument): void {
    if (!/^(?:[\w.:,-]+|\{[\w.:,-]+\+?\})$/.test(pathPart)) {
      throw badRequest(
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
      );
    }
    if (isGreedy(parent.pathPart)) {
      throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
    }
    const siblings = resourcesOf(aws, parent.restApiId).filter(
      other => other.parentId === parent.id && other.id !== self?.id,
    );
    if (siblings.some(sibling => sibling.pathPart === pathPart)) {
      throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
    }
    const variable = siblings.find(sibling => isVariable(sibling.pathPart ?? ''));
    if (variable && isVariable(pathPart)) {
      throw badRequest(
        `A sibling (${variable.pathPart}) of this resource already has a variable path part -- only one is allowed`,
      );
    }
  }

  function descendantsOf(resource: ResourceDocument): ResourceDocument[] {
    const children = resourcesOf(aws, resource.restApiId).filter(other => other.parentId === resource.id);
    return children.flatMap(child => [child, ...descendantsOf(child)]);
  }

  /** Gives the resource its place, and the paths below it theirs. */
  function place(resource: ResourceDocument, parent: ResourceDocument): ResourceDocument {
    const placed = { ...resource, parentId: parent.id, path: pathOf(parent, resource.pathPart ?? '') };
    store(placed);
    const children = resourcesOf(aws, resource.restApiId).filter(other => other.parentId === resource.id);
    for (const child of children) place(child, placed);
    return placed;
  }

  return {
    CreateResource({ restApiId, parentId, pathPart = '' }: CreateResourceRequest): Resource {
      const parent = findResource(aws, { restApiId, resourceId: parentId });
      checkPlace(parent, pathPart);
      if (resourcesOf(aws, parent.restApiId).length >= mostResources) {
        throw limitExceeded(
          'Maximum number of resources for this API has been reached. Please contact AWS if you need additional resources.',
        );
      }
      const resource: ResourceDocument = {
        restApiId: parent.restApiId,
        id: aws.ids.alphanumeric(6),
        parentId: parent.id,
        pathPart,
        path: pathOf(parent, pathPart),
        resourceMethods: {},
      };
      store(resource);
      return presentResource(resource, false);
    },

    GetResource: ({ embed, ...name }: GetResourceRequest): Resource =>
      presentResource(findResource(aws, name), embed?.includes('methods') ?? false),

    GetResources({ restApiId, embed, ...page }: GetResourcesRequest): Resources {
      const restApi = findRestApi(aws, restApiId);
      const { items, position } = pageOf(resourcesOf(aws, restApi.id), resource => resource.id, page);
      const withMethods = embed?.includes('methods') ?? false;
      return defined({ items: items.map(resource => presentResource(resource, withMethods)), position });
    },

    UpdateResource({ patchOperations, ...name }: UpdateResourceRequest): Resource {
      const resource = findResource(aws, name);
      const moved = applyPatch(resource, patchOperations, resourcePatch);
      const isMoved = moved.parentId !== resource.parentId || moved.pathPart !== resource.pathPart;
      if (!isMoved) return presentResource(resource, false);
      if (resource.parentId === undefined) throw badRequest('Root resource cannot be updated.');
      const parent = findResource(aws, { ...name, resourceId: moved.parentId });
      if (parent.id === resource.id || descendantsOf(resource).some(below => below.id === parent.id)) {
        throw badRequest('Resources cannot be cyclical.');
      }
      checkPlace(parent, moved.pathPart ?? '', resource);
      return presentResource(place(moved, parent), false);
    },

    DeleteResource(name: DeleteResourceRequest): object {
      const resource = findResource(aws, name);
      if (resource.parentId === undefined) throw badRequest('Root resource cannot be deleted.');
      for (const gone of [resource, ...descendantsOf(resource)])
        resources.delete(`${gone.restApiId}/${gone.id}`);
      return {};
    },
  } satisfies Record<string, Operation>;
}

const resourcePatch: PatchTable<ResourceDocument> = {
  wording: 'listed',
  rules: [
    {
      path: '/parentId',
      ops: ['replace'],
      apply: (resource, { value = '' }) => ({ ...resource, parentId: value }),
    },
    {
      path: '/pathPart',
      ops: ['replace'],
      apply: (resource, { value = '' }) => ({ ...resource, pathPart: value }),
    },
  ],
};

/** Without `embed=methods` only the names of the methods are shown. */
function presentResource(
  { restApiId: _, resourceMethods, ...resource }: ResourceDocument,
  withMethods: boolean,
): Resource {
  const names = Object.keys(resourceMethods);
  if (names.length === 0) return resource;
  const shown = withMethods ? resourceMethods : Object.fromEntries(names.map(name => [name, {}]));
  return { ...resource, resourceMethods: shown };
}
