// Who may run a function: roles by their policies, services by the function's own, and what built-in ones answer.
import {
  AddPermissionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import type { BuiltInFunction } from '../../../local/built-in-functions.ts';
import { virtualClock } from '../../../local/clock.ts';
import { roles } from '../../../local/iam/model.ts';
import { anAccount, arnOf } from './account.ts';

const allowing = (Action: string, Resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

const aFunction = (change: Partial<BuiltInFunction> = {}): BuiltInFunction => ({
  name: 'greet',
  timeoutSeconds: 5,
  policy: allowing('lambda:InvokeFunction', arnOf('greet')),
  invoke: async event => ({ hello: event }),
  ...change,
});

const decoded = (payload: Uint8Array | undefined) => JSON.parse(Buffer.from(payload ?? []).toString());
const payload = Buffer.from('"you"');
const sourceArn = 'arn:aws:execute-api:us-east-1:000000000000:api1/test/GET/';
const apiGateway = { servicePrincipal: 'apigateway.amazonaws.com', sourceArn };

it('lets a service run a function only for the source that its policy names', async () => {
  const { aws, lambda } = await anAccount({ functions: [aFunction()] });
  const FunctionName = 'greet';
  const request = { functionArn: arnOf('greet'), payload, as: apiGateway };
  await expect(aws.invokeFunction(request)).rejects.toMatchObject({
    code: 'AccessDeniedException',
    status: 403,
  });

  const permission = {
    FunctionName,
    StatementId: 'api',
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:api1/*/GET/*',
  };
  await lambda.send(new AddPermissionCommand(permission));
  expect(decoded((await aws.invokeFunction(request)).payload)).toEqual({ hello: 'you' });
  const other = { ...apiGateway, sourceArn: sourceArn.replace('api1', 'api2') };
  await expect(aws.invokeFunction({ ...request, as: other })).rejects.toMatchObject({ status: 403 });
  await expect(lambda.send(new AddPermissionCommand(permission))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });

  const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName }));
  expect(JSON.parse(Policy).Statement).toEqual([
    {
      Sid: 'api',
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: arnOf('greet'),
      Condition: { ArnLike: { 'AWS:SourceArn': permission.SourceArn } },
    },
  ]);
  await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'api' }));
  await expect(aws.invokeFunction(request)).rejects.toMatchObject({ status: 403 });
  await aws.close();
});

it('lets a role run the functions of its policy, over the wire and from another service', async () => {
  const caller = aFunction({ name: 'caller', policy: allowing('lambda:InvokeFunction', arnOf('greet')) });
  const { aws, client } = await anAccount({ functions: [aFunction(), caller] });
  const roleArn = roles(aws).get('caller')?.arn ?? '';
  const credentials = aws.assumeRole(roleArn, 'lambda.amazonaws.com', 'session');
  const lambda = new LambdaClient({ ...client, credentials });

  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'greet', Payload: payload }));
  expect(decoded(Payload)).toEqual({ hello: 'you' });
  const message = `User: arn:aws:sts::000000000000:assumed-role/caller/session is not authorized to perform: lambda:InvokeFunction on resource: ${arnOf('caller')} because no identity-based policy allows the lambda:InvokeFunction action`;
  await expect(lambda.send(new InvokeCommand({ FunctionName: 'caller' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message,
  });
  const request = { functionArn: arnOf('caller'), payload, as: credentials };
  await expect(aws.invokeFunction(request)).rejects.toMatchObject({ code: 'AccessDeniedException', message });
  await expect(aws.invokeFunction({ ...request, functionArn: arnOf('none') })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: `Function not found: ${arnOf('none')}:$LATEST`,
  });
  await aws.close();
});

it('gives a built-in function its role, and says its failure without telling where it runs', async () => {
  const failing = aFunction({
    async invoke(_, { credentials, region }) {
      throw Object.assign(new Error(`${region} ${credentials.sessionToken !== undefined}`), {
        name: 'Throttled',
      });
    },
  });
  const { aws, lambda } = await anAccount({ functions: [failing] });
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'greet' }));
  expect(FunctionError).toBe('Unhandled');
  expect(decoded(Payload)).toEqual({ errorType: 'Throttled', errorMessage: 'us-east-1 true', trace: [] });
  const { Role, Timeout } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'greet' }));
  expect({ Role, Timeout }).toEqual({ Role: roles(aws).get('greet')?.arn, Timeout: 5 });
  await aws.close();
});

it('aborts a built-in function when its time is up, by the account’s clock', async () => {
  const clock = virtualClock();
  let reason: unknown;
  const slow = aFunction({
    timeoutSeconds: 300,
    invoke: (_, { signal }) =>
      clock.sleep(3_600_000, signal).catch(error => {
        reason = error;
        throw error;
      }),
  });
  const { aws } = await anAccount({ functions: [slow], clock });
  const startedAt = clock.now();
  const as = aws.credentials;
  const result = await aws.invokeFunction({ functionArn: arnOf('greet'), payload, as });
  expect(decoded(result.payload)).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 300\.00 seconds$/),
  });
  expect(clock.now() - startedAt).toBe(300_000);
  expect(reason).toBeInstanceOf(Error);
  await aws.close();
});

it('meets the faults that are put in for an invocation from another service', async () => {
  const fault = {
    service: 'lambda',
    operation: 'Invoke',
    functionName: 'greet',
    kind: 'throttle',
    attempts: [1],
  };
  const { aws } = await anAccount({ functions: [aFunction()], faults: [{ ...fault, kind: 'throttle' }] });
  const request = { functionArn: arnOf('greet'), payload, as: aws.credentials };
  await expect(aws.invokeFunction(request)).rejects.toMatchObject({ status: 429 });
  expect(decoded((await aws.invokeFunction(request)).payload)).toEqual({ hello: 'you' });
  await aws.close();
});
