// Calls one of the product's own functions that no state calls, such as the one that decides on an approval.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ServiceProxyError } from '../core/errors.ts';
import { functionPrefix } from '../statemachine/settings.ts';
import type { Engine } from './engine.ts';

/** @throws ServiceProxyError `Refused` with what the function threw. */
export async function invokeFunction(
  { account }: Pick<Engine, 'account'>,
  name: string,
  event: object,
): Promise<unknown> {
  const lambda = new LambdaClient(account);
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: `${functionPrefix}${name}`, Payload: JSON.stringify(event) }),
  );
  const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
  if (FunctionError === undefined) return answer;
  const { errorMessage = 'it gave no reason' } = answer as { readonly errorMessage?: string };
  throw new ServiceProxyError('Refused', errorMessage);
}
