// CreateModel, GetModel, GetModels, UpdateModel, DeleteModel: JSON Schemas of an API.
import type {
  CreateModelRequest,
  DeleteModelRequest,
  GetModelRequest,
  GetModelsRequest,
  Model,
  Models,
  UpdateModelRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined, nonEmpty } from './defined.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { findRestApi, resourcesOf } from './find.ts';
import { collections, type ModelDocument } from './model.ts';
import { checkSchema, modelReferencesOf } from './model-schema.ts';
import { pageOf } from './paging.ts';
import { applyPatch, type PatchTable } from './patch.ts';

/** The two models every API starts with. */
export function newDefaultModels(aws: Aws, restApiId: string): ModelDocument[] {
  const $schema = 'http://json-schema.org/draft-04/schema#';
  const model = (name: string, kind: string, schema: object): ModelDocument => ({
    restApiId,
    id: aws.ids.alphanumeric(6),
    name,
    description: `This is a default ${kind} schema model`,
    contentType: 'application/json',
    schema: JSON.stringify({ $schema, title: `${name} Schema`, type: 'object', ...schema }, null, 2),
  });
  return [
    model('Empty', 'empty', {}),
    model('Error', 'error', { properties: { message: { type: 'string' } } }),
  ];
}

export function modelOperations(aws: Aws) {
  const all = collections(aws);
  const store = (model: ModelDocument) => all.models.set(`${model.restApiId}/${model.name}`, model);
  const ofApi = (restApiId: string) =>
    [...all.models.values()].filter(model => model.restApiId === restApiId);

  function find(restApiId: string | undefined, modelName: string | undefined): ModelDocument {
    const model = all.models.get(`${restApiId}/${modelName}`);
    if (!model) throw notFound(`Invalid model name specified: ${modelName}`);
    return model;
  }

  const check = (restApiId: string, contentType: string | undefined, schema: string | undefined) =>
    checkSchema(contentType ?? '', schema, name => all.models.has(`${restApiId}/${name}`));

  /** Where the model is still in use, as AWS names the place; the newest resource first. */
  function referenceTo({ restApiId, name = '' }: ModelDocument): string | undefined {
    for (const resource of resourcesOf(aws, restApiId).reverse()) {
      for (const [httpMethod, method] of Object.entries(resource.resourceMethods)) {
        const at = `${resource.path}/${httpMethod}`;
        if (Object.values(method.requestModels ?? {}).includes(name)) return `method request: ${at}`;
        for (const [statusCode, response] of Object.entries(method.methodResponses ?? {})) {
          if (Object.values(response.responseModels ?? {}).includes(name))
            return `method response: ${at}/${statusCode}`;
        }
      }
    }
    const user = ofApi(restApiId).find(
      other => other.name !== name && modelReferencesOf(other.schema).includes(name),
    );
    return user && `model: ${user.name}`;
  }

  return {
    CreateModel({ restApiId, name, description, contentType, schema }: CreateModelRequest): Model {
      const api = findRestApi(aws, restApiId);
      if (!name) throw badRequest('Model name must be non-empty');
      if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
      if (all.models.has(`${api.id}/${name}`)) throw conflict('Model name already exists for this REST API');
      if (!/^[^\s/]+\/[^\s/]+$/.test(contentType ?? ''))
        throw badRequest(`Invalid content type specified: ${contentType}`);
      check(api.id, contentType, schema);
      const model: ModelDocument = defined({
        restApiId: api.id,
        id: aws.ids.alphanumeric(6),
        name,
        description: nonEmpty(description),
        contentType,
        schema,
      });
      store(model);
      return presentModel(model);
    },

    GetModel({ restApiId, modelName, flatten }: GetModelRequest): Model {
      const model = find(restApiId, modelName);
      return presentModel(
        flatten ? flattened(model, name => all.models.get(`${model.restApiId}/${name}`)) : model,
      );
    },

    /** By name, as AWS lists them. */
    GetModels({ restApiId, ...page }: GetModelsRequest): Models {
      const models = ofApi(findRestApi(aws, restApiId).id).sort((a, b) =>
        (a.name ?? '') < (b.name ?? '') ? -1 : 1,
      );
      const { items, position } = pageOf(models, model => model.name ?? '', page);
      return defined({ items: items.map(presentModel), position });
    },

    UpdateModel({ restApiId, modelName, patchOperations }: UpdateModelRequest): Model {
      const before = find(restApiId, modelName);
      const model = applyPatch(before, patchOperations, modelPatch);
      if (model.schema !== before.schema) check(model.restApiId, model.contentType, model.schema);
      store(defined(model));
      return presentModel(defined(model));
    },

    DeleteModel({ restApiId, modelName }: DeleteModelRequest): object {
      const model = find(restApiId, modelName);
      const reference = referenceTo(model);
      if (reference) throw conflict(`Cannot delete model '${model.name}', is referenced in ${reference}`);
      all.models.delete(`${model.restApiId}/${model.name}`);
      return {};
    },
  } satisfies Record<string, Operation>;
}

const modelPatch: PatchTable<ModelDocument> = {
  wording: 'listed',
  rules: [
    {
      path: '/description',
      ops: ['replace'],
      apply: (model, { value }) => ({ ...model, description: nonEmpty(value) }),
    },
    { path: '/schema', ops: ['replace'], apply: (model, { value }) => ({ ...model, schema: value }) },
  ],
};

const presentModel = ({ restApiId: _, ...model }: ModelDocument): Model => model;

/** The schema with the models it refers to as definitions of its own. */
function flattened(model: ModelDocument, find: (name: string) => ModelDocument | undefined): ModelDocument {
  const definitions: Record<string, unknown> = {};
  const local = (schema: string | undefined): unknown =>
    JSON.parse(schema ?? '{}', (key, value) => {
      const name =
        key === '$ref' && typeof value === 'string'
          ? modelReferencesOf(JSON.stringify({ $ref: value }))[0]
          : undefined;
      if (name === undefined) return value;
      if (!(name in definitions)) {
        definitions[name] = {};
        definitions[name] = local(find(name)?.schema);
      }
      return `#/definitions/${name}`;
    });
  const schema = local(model.schema) as Record<string, unknown>;
  if (Object.keys(definitions).length === 0) return model;
  return {
    ...model,
    schema: JSON.stringify({ ...schema, definitions: { ...(schema.definitions ?? {}), ...definitions } }),
  };
}
