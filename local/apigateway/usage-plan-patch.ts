// The paths UpdateUsagePlan can change.
import type { QuotaPeriodType } from '@aws-sdk/client-api-gateway';
import { badRequest } from './errors.ts';
import type { UsagePlanDocument } from './model.ts';
import { type PatchTable, replaceText } from './patch.ts';

const periods: readonly QuotaPeriodType[] = ['DAY', 'WEEK', 'MONTH'];

function number(value: string | undefined): number {
  const parsed = Number(value);
  if (!value || Number.isNaN(parsed))
    throw badRequest(`Invalid patch value '${value}' specified. Must be a number`);
  return parsed;
}

export const usagePlanPatch: PatchTable<UsagePlanDocument> = {
  wording: 'listed',
  rules: [
    replaceText('name'),
    replaceText('description'),
    replaceText('productCode'),
    {
      path: '/apiStages',
      ops: ['add', 'remove'],
      // The value is `{apiId}:{stage}`.
      apply(plan, { op, value = '' }) {
        const [apiId = '', stage = ''] = value.split(':');
        const others = (plan.apiStages ?? []).filter(other => other.apiId !== apiId || other.stage !== stage);
        return { ...plan, apiStages: op === 'add' ? [...others, { apiId, stage }] : others };
      },
    },
    {
      path: '/throttle',
      ops: ['remove'],
      apply: plan => ({ ...plan, throttle: undefined }),
    },
    {
      path: '/throttle/burstLimit',
      ops: ['add', 'replace'],
      apply: (plan, { value }) => ({ ...plan, throttle: { ...plan.throttle, burstLimit: number(value) } }),
    },
    {
      path: '/throttle/rateLimit',
      ops: ['add', 'replace'],
      apply: (plan, { value }) => ({ ...plan, throttle: { ...plan.throttle, rateLimit: number(value) } }),
    },
    {
      path: '/quota',
      ops: ['remove'],
      apply: plan => ({ ...plan, quota: undefined }),
    },
    {
      path: '/quota/limit',
      ops: ['add', 'replace'],
      apply: (plan, { value }) => ({ ...plan, quota: { ...plan.quota, limit: number(value) } }),
    },
    {
      path: '/quota/offset',
      ops: ['add', 'replace'],
      apply: (plan, { value }) => ({ ...plan, quota: { ...plan.quota, offset: number(value) } }),
    },
    {
      path: '/quota/period',
      ops: ['add', 'replace'],
      apply(plan, { value }) {
        const period = periods.find(known => known === value);
        if (!period)
          throw badRequest(
            `Invalid Usage Plan quota period specified. Must be one of [${periods.join(', ')}]`,
          );
        return { ...plan, quota: { ...plan.quota, period } };
      },
    },
  ],
};
