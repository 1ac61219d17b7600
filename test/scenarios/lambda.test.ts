// Lambda through a deployed URL: a function made through the Lambda API is invoked, and its error is no success.
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipOf } from '../local/lambda/account.ts';
import type { TestAccount } from './account.ts';
import { type CallRoute, expectRollback, inputOf, json, openServing, serveRoutes } from './served.ts';

const code = `
export const handler = async event => {
  if (event.fail) throw Object.assign(new Error('stock is "empty"'), { name: 'OutOfStock' });
  return { received: event, twice: 2 * (event.amount ?? 0) };
};`;
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:price';
const routes = [{ action: 'Invoke', path: '/price', resources: [functionArn] }];

const makeFunction = (account: TestAccount) =>
  new LambdaClient(account.client).send(
    new CreateFunctionCommand({
      FunctionName: 'price',
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/price',
      Code: { ZipFile: zipOf('index.mjs', code) },
    }),
  );

describe('a Lambda route', () => {
  let account: TestAccount;
  let call: CallRoute;
  beforeAll(async () => {
    account = await openServing();
    await makeFunction(account);
    call = await serveRoutes(account, 'lambda', routes);
  });
  afterAll(() => account.aws.close());

  const invoke = (body: unknown) =>
    call('Invoke', '/price', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  it('hands the payload to the function, and gives its answer back', async () => {
    const event = { amount: 21, name: `"zażółć" & 'co' 🍕\n` };
    const answer = await invoke(event);
    expect(answer.status).toBe(200);
    expect(json(answer)).toEqual({ received: event, twice: 42 });
  });

  it('answers 502 for an error of the function, with its name and message', async () => {
    const answer = await invoke({ fail: true });
    expect(answer.status).toBe(502);
    expect(json(answer)).toMatchObject({ error: { type: 'OutOfStock', message: 'stock is "empty"' } });
    expect(answer.bytes.toString()).not.toContain('index.mjs');
  });
});

describe('a Lambda route that fails in VerifyStage', () => {
  it('is gone, with everything made for it', async () => {
    await expectRollback(inputOf('lambda', routes), makeFunction);
  });
});
