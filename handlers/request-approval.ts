// Asks for approval of the plan, before the first change: keeps the token with which approve or reject answers.
import type { Step } from '../core/step.ts';
import { keepApprovalToken } from './ledger.ts';
import { ledger } from './permissions.ts';
import { serve } from './serve.ts';

export const requestApproval: Step<'RequestApproval'> = {
  name: 'RequestApproval',
  permissions: [ledger('Query', 'PutItem')],
  timeoutSeconds: 30,

  async run({ execution, taskToken = '' }, clients) {
    await keepApprovalToken(clients, execution.name, taskToken);
    return { asked: true };
  },
};

export const handler = serve(requestApproval);
