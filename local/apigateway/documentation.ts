// Documentation parts of an API, and the versions that freeze them.
import type {
  CreateDocumentationPartRequest,
  CreateDocumentationVersionRequest,
  DeleteDocumentationPartRequest,
  DeleteDocumentationVersionRequest,
  DocumentationPart,
  DocumentationParts,
  DocumentationVersion,
  DocumentationVersions,
  GetDocumentationPartRequest,
  GetDocumentationPartsRequest,
  GetDocumentationVersionRequest,
  GetDocumentationVersionsRequest,
  UpdateDocumentationPartRequest,
  UpdateDocumentationVersionRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined, nonEmpty } from './defined.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { findRestApi } from './find.ts';
import { collections, type DocumentationPartDocument, type DocumentationVersionDocument } from './model.ts';
import { pageOf } from './paging.ts';
import { applyPatch, type PatchTable, replaceText } from './patch.ts';

export function documentationPartOperations(aws: Aws) {
  const { documentationParts: parts } = collections(aws);
  const store = (part: DocumentationPartDocument) => parts.set(`${part.restApiId}/${part.id}`, part);

  function find(restApiId: string | undefined, id: string | undefined): DocumentationPartDocument {
    const part = parts.get(`${restApiId}/${id}`);
    if (!part) throw notFound('Invalid Documentation part identifier specified');
    return part;
  }

  return {
    CreateDocumentationPart({
      restApiId,
      location,
      properties,
    }: CreateDocumentationPartRequest): DocumentationPart {
      const { id: api } = findRestApi(aws, restApiId);
      checkLocation(location);
      checkProperties(properties);
      const key = (at: typeof location) => JSON.stringify(at, Object.keys(at ?? {}).sort());
      if ([...parts.values()].some(part => part.restApiId === api && key(part.location) === key(location))) {
        throw conflict('Documentation part already exists for the specified location');
      }
      const part = { restApiId: api, id: aws.ids.alphanumeric(6), location, properties };
      store(part);
      return presentPart(part);
    },

    GetDocumentationPart: ({
      restApiId,
      documentationPartId,
    }: GetDocumentationPartRequest): DocumentationPart => presentPart(find(restApiId, documentationPartId)),

    GetDocumentationParts(input: GetDocumentationPartsRequest): DocumentationParts {
      const { id } = findRestApi(aws, input.restApiId);
      const found = [...parts.values()].filter(
        ({ restApiId, location }) =>
          restApiId === id &&
          (input.type === undefined || location?.type === input.type) &&
          (input.path === undefined || location?.path === input.path) &&
          (input.nameQuery === undefined || location?.name?.includes(input.nameQuery)),
      );
      const { items, position } = pageOf(found, part => part.id ?? '', input);
      return defined({ items: items.map(presentPart), position });
    },

    UpdateDocumentationPart(input: UpdateDocumentationPartRequest): DocumentationPart {
      const before = find(input.restApiId, input.documentationPartId);
      const part = applyPatch(before, input.patchOperations, partPatch);
      checkProperties(part.properties);
      store(part);
      return presentPart(part);
    },

    DeleteDocumentationPart({ restApiId, documentationPartId }: DeleteDocumentationPartRequest): object {
      const { id } = find(restApiId, documentationPartId);
      parts.delete(`${restApiId}/${id}`);
      return {};
    },
  } satisfies Record<string, Operation>;
}

export function documentationVersionOperations(aws: Aws) {
  const all = collections(aws);

  function find(restApiId: string | undefined, version: string | undefined): DocumentationVersionDocument {
    const found = all.documentationVersions.get(`${restApiId}/${version}`);
    if (!found) throw notFound('Invalid Documentation version specified');
    return found;
  }

  return {
    CreateDocumentationVersion(input: CreateDocumentationVersionRequest): DocumentationVersion {
      const { id: restApiId } = findRestApi(aws, input.restApiId);
      const { documentationVersion: version = '', stageName, description } = input;
      if (!version) throw badRequest('Documentation version must be non-empty');
      const key = `${restApiId}/${version}`;
      if (all.documentationVersions.has(key)) throw conflict('Documentation version already exists');
      const stage = stageName ? all.stages.get(`${restApiId}/${stageName}`) : undefined;
      if (stageName && !stage) throw notFound('Invalid stage identifier specified');
      const created = defined({
        restApiId,
        version,
        createdDate: aws.clock.now(),
        description: nonEmpty(description),
      });
      all.documentationVersions.set(key, created);
      if (stage) all.stages.set(`${restApiId}/${stageName}`, { ...stage, documentationVersion: version });
      return presentVersion(created);
    },

    GetDocumentationVersion: (input: GetDocumentationVersionRequest): DocumentationVersion =>
      presentVersion(find(input.restApiId, input.documentationVersion)),

    GetDocumentationVersions({ restApiId, ...page }: GetDocumentationVersionsRequest): DocumentationVersions {
      const { id } = findRestApi(aws, restApiId);
      const ofApi = [...all.documentationVersions.values()].filter(version => version.restApiId === id);
      const { items, position } = pageOf(ofApi, version => version.version ?? '', page);
      return defined({ items: items.map(presentVersion), position });
    },

    UpdateDocumentationVersion(input: UpdateDocumentationVersionRequest): DocumentationVersion {
      const before = find(input.restApiId, input.documentationVersion);
      const version = applyPatch(before, input.patchOperations, versionPatch);
      all.documentationVersions.set(`${version.restApiId}/${version.version}`, version);
      return presentVersion(version);
    },

    DeleteDocumentationVersion(input: DeleteDocumentationVersionRequest): object {
      const { restApiId, version } = find(input.restApiId, input.documentationVersion);
      all.documentationVersions.delete(`${restApiId}/${version}`);
      return {};
    },
  } satisfies Record<string, Operation>;
}

function checkLocation({ type, ...place }: DocumentationPart['location'] & object = { type: 'API' }): void {
  if (type === 'API' && Object.values(place).some(value => value !== undefined)) {
    throw badRequest('[Location type: API cannot have path, method, statusCode or name defined.]');
  }
}

function checkProperties(properties: string | undefined): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(properties ?? '');
  } catch {
    throw badRequest('Invalid properties: must be a JSON object');
  }
  if (typeof parsed !== 'object' || parsed === null || Object.keys(parsed).length === 0) {
    throw badRequest('Documentation part properties must be non-empty');
  }
}

const partPatch: PatchTable<DocumentationPartDocument> = {
  wording: 'listed',
  rules: [replaceText('properties')],
};
const versionPatch: PatchTable<DocumentationVersionDocument> = {
  wording: 'listed',
  rules: [replaceText('description')],
};

const presentPart = ({ restApiId: _, ...part }: DocumentationPartDocument): DocumentationPart => part;

function presentVersion({
  restApiId: _,
  createdDate,
  ...version
}: DocumentationVersionDocument): DocumentationVersion {
  return { ...version, createdDate: new Date(createdDate ?? 0) };
}
