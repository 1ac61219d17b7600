// Usage plans: which API keys may call which stages.
import type {
  CreateUsagePlanKeyRequest,
  CreateUsagePlanRequest,
  DeleteUsagePlanKeyRequest,
  DeleteUsagePlanRequest,
  GetUsagePlanKeyRequest,
  GetUsagePlanKeysRequest,
  GetUsagePlanRequest,
  GetUsagePlansRequest,
  UpdateUsagePlanRequest,
  UsagePlan,
  UsagePlanKey,
  UsagePlanKeys,
  UsagePlans,
} from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { findApiKey } from './api-keys.ts';
import { defined } from './defined.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { accountCollections, collections, type UsagePlanDocument } from './model.ts';
import { pageOf } from './paging.ts';
import { applyPatch } from './patch.ts';
import { newTags } from './tags.ts';
import { usagePlanPatch } from './usage-plan-patch.ts';

export function usagePlanOperations(aws: Aws) {
  const { usagePlans } = accountCollections(aws);

  function find(id: string | undefined): UsagePlanDocument {
    const plan = usagePlans.get(id ?? '');
    if (!plan) throw notFound('Invalid Usage Plan ID specified');
    return plan;
  }

  function checkStages(apiStages: UsagePlan['apiStages']): void {
    for (const { apiId, stage } of apiStages ?? []) {
      if (!collections(aws).stages.has(`${apiId}/${stage}`)) throw notFound('API Stage not found');
    }
  }

  function presentKey(keyId: string): UsagePlanKey {
    const { id, name, value } = findApiKey(aws, keyId);
    return defined({ id, type: 'API_KEY', name, value });
  }

  return {
    CreateUsagePlan({ tags, ...members }: CreateUsagePlanRequest): UsagePlan {
      if (!members.name) throw badRequest('Usage plan name must be non-empty');
      checkStages(members.apiStages);
      checkQuota(members.quota);
      const plan: UsagePlanDocument = defined({
        ...members,
        id: aws.ids.alphanumeric(6),
        apiStages: members.apiStages ?? [],
        tags: newTags(tags),
        keyIds: [],
      });
      usagePlans.set(plan.id, plan);
      return present(plan);
    },

    GetUsagePlan: ({ usagePlanId }: GetUsagePlanRequest): UsagePlan => present(find(usagePlanId)),

    GetUsagePlans({ keyId, ...page }: GetUsagePlansRequest): UsagePlans {
      const found = [...usagePlans.values()].filter(
        plan => keyId === undefined || plan.keyIds.includes(keyId),
      );
      const { items, position } = pageOf(found, plan => plan.id, page);
      return defined({ items: items.map(present), position });
    },

    UpdateUsagePlan({ usagePlanId, patchOperations }: UpdateUsagePlanRequest): UsagePlan {
      const plan = applyPatch(find(usagePlanId), patchOperations, usagePlanPatch);
      checkStages(plan.apiStages);
      checkQuota(plan.quota);
      usagePlans.set(plan.id, defined(plan));
      return present(defined(plan));
    },

    DeleteUsagePlan({ usagePlanId }: DeleteUsagePlanRequest): object {
      const plan = find(usagePlanId);
      if (plan.apiStages?.length) {
        throw badRequest(
          `Cannot delete Usage Plan ${plan.id} because there are API Stages associated with it. Please remove all API stages from this Usage Plan and try again.`,
        );
      }
      usagePlans.delete(plan.id);
      return {};
    },

    CreateUsagePlanKey({ usagePlanId, keyId = '', keyType }: CreateUsagePlanKeyRequest): UsagePlanKey {
      const plan = find(usagePlanId);
      if (keyType !== 'API_KEY') throw badRequest('Usage plan key type must be API_KEY');
      const { id } = findApiKey(aws, keyId);
      if (plan.keyIds.includes(id)) throw conflict(`Usage Plan Key ${id} already exists`);
      usagePlans.set(plan.id, { ...plan, keyIds: [...plan.keyIds, id] });
      return presentKey(id);
    },

    GetUsagePlanKey({ usagePlanId, keyId = '' }: GetUsagePlanKeyRequest): UsagePlanKey {
      if (!find(usagePlanId).keyIds.includes(keyId)) throw notFound('Invalid Usage Plan Key ID specified');
      return presentKey(keyId);
    },

    GetUsagePlanKeys({ usagePlanId, nameQuery, ...page }: GetUsagePlanKeysRequest): UsagePlanKeys {
      const keys = find(usagePlanId).keyIds.map(presentKey);
      const found = keys.filter(key => nameQuery === undefined || key.name?.startsWith(nameQuery));
      return defined({ ...pageOf(found, key => key.id ?? '', page) });
    },

    DeleteUsagePlanKey({ usagePlanId, keyId = '' }: DeleteUsagePlanKeyRequest): object {
      const plan = find(usagePlanId);
      if (!plan.keyIds.includes(keyId)) throw notFound('Invalid Usage Plan Key ID specified');
      usagePlans.set(plan.id, { ...plan, keyIds: plan.keyIds.filter(id => id !== keyId) });
      return {};
    },
  } satisfies Record<string, Operation>;
}

const present = ({ keyIds: _, ...plan }: UsagePlanDocument): UsagePlan => plan;

const longestOffsets: Readonly<Record<string, number>> = { DAY: 0, WEEK: 6, MONTH: 27 };

function checkQuota(quota: UsagePlan['quota']): void {
  if (!quota) return;
  const { limit, offset = 0, period = '' } = quota;
  const longest = longestOffsets[period];
  if (longest === undefined) {
    throw badRequest('Invalid Usage Plan quota period specified. Must be one of [DAY, WEEK, MONTH]');
  }
  if (limit === undefined || limit < 1)
    throw badRequest('Usage Plan quota limit must be a non-negative numeric');
  if (offset < 0 || offset > longest) {
    throw badRequest(
      `Usage Plan quota offset must be between 0 and ${longest} inclusive in the ${period} period`,
    );
  }
}
