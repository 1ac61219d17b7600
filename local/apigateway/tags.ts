// TagResource, UntagResource, GetTags: tags of APIs, stages, API keys and usage plans.
import type {
  GetTagsRequest,
  TagResourceRequest,
  Tags,
  UntagResourceRequest,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import type { Collection } from '../store.ts';
import { defined } from './defined.ts';
import { badRequest, notFound } from './errors.ts';
import { findRestApi, findStage } from './find.ts';
import { accountCollections, collections } from './model.ts';

type TagMap = Record<string, string>;
interface Tagged {
  readonly tags?: TagMap | undefined;
}

const mostTags = 50;

/** Tags as given at creation; none at all when the map is empty. */
export function newTags(tags: TagMap | undefined): TagMap | undefined {
  if (!tags || Object.keys(tags).length === 0) return undefined;
  checkTags(tags);
  return tags;
}

function checkTags(tags: TagMap): void {
  if (Object.keys(tags).length > mostTags) throw badRequest(`Maximum number of tags is ${mostTags}`);
  for (const [key, value] of Object.entries(tags)) {
    if (key.length === 0 || key.length > 128)
      throw badRequest('Tag key must be between 1 and 128 characters');
    if (/^aws:/i.test(key)) throw badRequest('Tag keys starting with aws: are reserved for system use');
    if ((value ?? '').length > 256) throw badRequest('Tag value must be at most 256 characters');
  }
}

export function tagOperations(aws: Aws) {
  function find(resourceArn: string | undefined): { readonly tags: TagMap; store(tags: TagMap): void } {
    const match = /^arn:aws[\w-]*:apigateway:[^:]*:\d*:(?::)?(\/.*)$/.exec(
      decodeURIComponent(resourceArn ?? ''),
    );
    const [, kind, id, sub, subId] = match?.[1]?.split('/') ?? [];
    const { restApis, stages } = collections(aws);
    const { apiKeys, usagePlans } = accountCollections(aws);
    if (kind === 'restapis' && id && sub === undefined) return tagsIn(restApis, id, findRestApi(aws, id));
    if (kind === 'restapis' && id && sub === 'stages' && subId) {
      return tagsIn(stages, `${id}/${subId}`, findStage(aws, { restApiId: id, stageName: subId }));
    }
    if (kind === 'apikeys' && id)
      return tagsIn(apiKeys, id, apiKeys.get(id), 'Invalid API Key identifier specified');
    if (kind === 'usageplans' && id)
      return tagsIn(usagePlans, id, usagePlans.get(id), 'Invalid Usage Plan ID specified');
    throw badRequest('Invalid ARN specified in the request');
  }

  return {
    TagResource({ resourceArn, tags = {} }: TagResourceRequest): object {
      const resource = find(resourceArn);
      const all = { ...resource.tags, ...tags };
      checkTags(all);
      resource.store(all);
      return {};
    },

    UntagResource({ resourceArn, tagKeys = [] }: UntagResourceRequest): object {
      const resource = find(resourceArn);
      const kept = Object.entries(resource.tags).filter(([key]) => !tagKeys.includes(key));
      resource.store(Object.fromEntries(kept));
      return {};
    },

    GetTags: ({ resourceArn }: GetTagsRequest): Tags => ({ tags: find(resourceArn).tags }),
  } satisfies Record<string, Operation>;
}

function tagsIn<T extends Tagged>(
  collection: Collection<T>,
  key: string,
  document: T | undefined,
  missing = '',
) {
  if (!document) throw notFound(missing);
  return {
    tags: document.tags ?? {},
    store: (tags: TagMap) =>
      collection.set(key, defined({ ...document, tags: Object.keys(tags).length > 0 ? tags : undefined })),
  };
}
