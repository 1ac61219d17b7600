// Step Functions through deployed URLs: an execution is started and described.
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount } from './account.ts';
import { type CallRoute, json, openServing, post, serveRoutes } from './served.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Orders';
const executions = stateMachineArn.replace(':stateMachine:', ':execution:');
const routes = [
  {
    action: 'StartExecution',
    path: '/orders',
    resources: [stateMachineArn],
    parameters: { stateMachineArn: { value: stateMachineArn } },
  },
  { action: 'DescribeExecution', path: '/orders', resources: [`${executions}:*`] },
];
const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Pass',
  States: { Pass: { Type: 'Pass', End: true } },
});
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

async function makeMachine({ client }: TestAccount) {
  const made = await new IAMClient(client).send(
    new CreateRoleCommand({ RoleName: 'orders', AssumeRolePolicyDocument: trust }),
  );
  const roleArn = made.Role?.Arn;
  await new SFNClient(client).send(new CreateStateMachineCommand({ name: 'Orders', definition, roleArn }));
}

describe('Step Functions routes', () => {
  let account: TestAccount;
  let call: CallRoute;
  beforeAll(async () => {
    account = await openServing();
    await makeMachine(account);
    call = await serveRoutes(account, 'states', routes);
  });
  afterAll(() => account.aws.close());

  it('start an execution and describe it', async () => {
    const input = JSON.stringify({ note: 'a "b"\n& 🍕' });
    const started = await call('StartExecution', '/orders', post({ name: 'one', input }));
    expect(json(started)).toMatchObject({ executionArn: `${executions}:one` });
    const again = await call('StartExecution', '/orders', post({ name: 'one', input: '{"other":1}' }));
    expect(again.status).toBe(400);
    expect(json(again).error.type).toContain('ExecutionAlreadyExists');
    const query = { executionArn: `${executions}:one` };
    const described = await call('DescribeExecution', '/orders', { query });
    expect(json(described)).toMatchObject({ status: 'SUCCEEDED', input, output: input });
  });

  it('answer 400 to another state machine, and to a description of nothing', async () => {
    const other = { stateMachineArn: `${stateMachineArn}2` };
    expect((await call('StartExecution', '/orders', post(other))).status).toBe(400);
    expect((await call('DescribeExecution', '/orders')).status).toBe(400);
  });

  it('answer with an error for an execution that is not among the resources', async () => {
    const query = { executionArn: executions.replace('Orders', 'Payments').concat(':one') };
    const refused = await call('DescribeExecution', '/orders', { query });
    expect([400, 403]).toContain(refused.status);
    expect(refused.bytes.toString()).toContain('states:DescribeExecution');
  });
});
