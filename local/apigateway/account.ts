// GetAccount and UpdateAccount: settings of the account for all its APIs.
import type { Account, UpdateAccountRequest } from '@aws-sdk/client-api-gateway';
import type { Aws, Operation } from '../service.ts';
import { badRequest } from './errors.ts';
import { accountCollections } from './model.ts';
import { applyPatch, type PatchTable } from './patch.ts';

const initial: Account = {
  apiKeyVersion: '4',
  throttleSettings: { burstLimit: 5000, rateLimit: 10000 },
  features: ['UsagePlans'],
};

export function accountOperations(aws: Aws) {
  const { account } = accountCollections(aws);
  const current = () => account.get('account') ?? initial;
  return {
    GetAccount: (): Account => current(),

    UpdateAccount({ patchOperations }: UpdateAccountRequest): Account {
      const changed = applyPatch(current(), patchOperations, accountPatch);
      account.set('account', changed);
      return changed;
    },
  } satisfies Record<string, Operation>;
}

const accountPatch: PatchTable<Account> = {
  wording: 'listed',
  rules: [
    {
      path: '/cloudwatchRoleArn',
      ops: ['replace'],
      apply({ cloudwatchRoleArn: _, ...others }, { value }) {
        if (!value) return others;
        if (!/^arn:aws[\w-]*:iam::\d+:role\/.+$/.test(value)) {
          throw badRequest(
            'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.',
          );
        }
        return { ...others, cloudwatchRoleArn: value };
      },
    },
    {
      path: '/features',
      ops: ['add'],
      apply: (account, { value = '' }) => ({
        ...account,
        features: [...(account.features ?? []).filter(feature => feature !== value), value],
      }),
    },
  ],
};
