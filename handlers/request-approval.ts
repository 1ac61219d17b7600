// Asks for approval of the plan, before the first change: keeps the token with which approve or reject answers.
import type { Step } from '../core/step.ts';
import { keepApprovalToken } from './ledger.ts';
import { ledgerRead, ledgerWrite } from './permissions.ts';
import { serve } from './serve.ts';

export const requestApproval: Step<'RequestApproval'> = {
  name: 'RequestApproval',
  permissions: [ledgerRead, ledgerWrite],
  timeoutSeconds: 30,

  async run({ execution, taskToken = '' }, clients) {
    await keepApprovalToken(clients, execution.name, taskToken);
    return { asked: true };
  },
};

export const handler = serve(requestApproval);
