// CreateApiKey, GetApiKey(s), UpdateApiKey, DeleteApiKey: what callers of a method with apiKeyRequired send.
import type {
  ApiKey,
  ApiKeys,
  CreateApiKeyRequest,
  DeleteApiKeyRequest,
  GetApiKeyRequest,
  GetApiKeysRequest,
  UpdateApiKeyRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { defined } from './defined.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { type ApiKeyDocument, accountCollections } from './model.ts';
import { pageOf } from './paging.ts';
import { applyPatch, type PatchTable, replaceFlag, replaceText } from './patch.ts';
import { newTags } from './tags.ts';

export function apiKeyOperations(aws: Aws) {
  const { apiKeys, usagePlans } = accountCollections(aws);

  return {
    CreateApiKey(input: CreateApiKeyRequest): ApiKey {
      const { name, description, enabled = false, value, customerId, stageKeys = [] } = input;
      if (value !== undefined && value.length < 20) {
        throw badRequest('API Key value should be at least 20 characters');
      }
      if (value !== undefined && [...apiKeys.values()].some(key => key.value === value)) {
        throw conflict('API Key already exists');
      }
      const now = aws.clock.now();
      const apiKey: ApiKeyDocument = defined({
        id: aws.ids.alphanumeric(10),
        value: value ?? aws.ids.alphanumeric(40),
        name,
        customerId,
        description,
        enabled,
        createdDate: now,
        lastUpdatedDate: now,
        stageKeys: stageKeys.map(({ restApiId, stageName }) => `${restApiId}/${stageName}`),
        tags: newTags(input.tags),
      });
      apiKeys.set(apiKey.id, apiKey);
      return presentApiKey(apiKey, true);
    },

    GetApiKey: ({ apiKey, includeValue }: GetApiKeyRequest): ApiKey =>
      presentApiKey(findApiKey(aws, apiKey), includeValue ?? false),

    GetApiKeys({ nameQuery, customerId, includeValues, ...page }: GetApiKeysRequest): ApiKeys {
      const found = [...apiKeys.values()].filter(
        key =>
          (nameQuery === undefined || key.name?.startsWith(nameQuery)) &&
          (customerId === undefined || key.customerId === customerId),
      );
      const { items, position } = pageOf(found, key => key.id, page);
      return defined({ items: items.map(key => presentApiKey(key, includeValues ?? false)), position });
    },

    UpdateApiKey({ apiKey, patchOperations }: UpdateApiKeyRequest): ApiKey {
      const patched = applyPatch(findApiKey(aws, apiKey), patchOperations, apiKeyPatch);
      const changed = { ...patched, lastUpdatedDate: aws.clock.now() };
      apiKeys.set(changed.id, changed);
      return presentApiKey(changed, false);
    },

    DeleteApiKey({ apiKey }: DeleteApiKeyRequest): object {
      const { id } = findApiKey(aws, apiKey);
      for (const plan of [...usagePlans.values()]) {
        if (!plan.keyIds.includes(id)) continue;
        usagePlans.set(plan.id, { ...plan, keyIds: plan.keyIds.filter(keyId => keyId !== id) });
      }
      apiKeys.delete(id);
      return {};
    },
  } satisfies Record<string, Operation>;
}

export function findApiKey(aws: Aws, id: string | undefined): ApiKeyDocument {
  const apiKey = accountCollections(aws).apiKeys.get(id ?? '');
  if (!apiKey) throw notFound('Invalid API Key identifier specified');
  return apiKey;
}

function presentApiKey(apiKey: ApiKeyDocument, withValue: boolean): ApiKey {
  const { value, createdDate, lastUpdatedDate, ...members } = apiKey;
  return defined({
    ...members,
    value: withValue ? value : undefined,
    createdDate: new Date(createdDate ?? 0),
    lastUpdatedDate: new Date(lastUpdatedDate ?? 0),
  });
}

const apiKeyPatch: PatchTable<ApiKeyDocument> = {
  wording: 'listed',
  rules: [
    replaceText('name'),
    replaceText('description'),
    replaceFlag('enabled'),
    replaceText('customerId'),
    {
      path: '/stages',
      ops: ['add', 'remove'],
      apply(apiKey, { op, value = '' }) {
        const others = (apiKey.stageKeys ?? []).filter(stage => stage !== value);
        return { ...apiKey, stageKeys: op === 'add' ? [...others, value] : others };
      },
    },
  ],
};
