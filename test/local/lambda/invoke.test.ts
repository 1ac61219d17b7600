// Functions that are created from a zip file, run and fail as on AWS.
import {
  CreateFunctionCommand,
  InvokeCommand,
  type InvokeCommandInput,
  type LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EmbeddedAws } from '../../../local/embedded.ts';
import { anAccount, arnOf, roleArn, zipOf } from './account.ts';

let aws: EmbeddedAws;
let lambda: LambdaClient;
let count = 0;

beforeAll(async () => {
  ({ aws, lambda } = await anAccount());
});
afterAll(() => aws.close());

async function create(code: string, file = 'index.mjs', settings = {}): Promise<string> {
  const FunctionName = `function-${++count}`;
  const Code = { ZipFile: zipOf(file, code) };
  const fixed = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: roleArn } as const;
  await lambda.send(new CreateFunctionCommand({ FunctionName, ...fixed, Code, ...settings }));
  return FunctionName;
}

async function invoke(FunctionName: string, event: unknown = {}, settings: Partial<InvokeCommandInput> = {}) {
  const input = { FunctionName, Payload: JSON.stringify(event), ...settings };
  const { Payload, FunctionError, StatusCode, LogResult } = await lambda.send(new InvokeCommand(input));
  const text = Payload?.transformToString();
  return {
    status: StatusCode,
    error: FunctionError,
    payload: text ? JSON.parse(text) : undefined,
    log: Buffer.from(LogResult ?? '', 'base64').toString(),
  };
}

it.each([
  ['ES module', 'index.mjs', 'export const handler = async event => ({ got: event.n + 1 });'],
  ['CommonJS', 'index.js', "const os = require('node:os'); exports.handler = async e => ({ got: e.n + 1 });"],
  [
    'callback',
    'index.cjs',
    'module.exports.handler = (e, c, done) => setTimeout(done, 1, null, { got: e.n + 1 });',
  ],
])('runs a handler written as %s', async (_, file, code) => {
  expect(await invoke(await create(code, file), { n: 1 })).toMatchObject({
    status: 200,
    payload: { got: 2 },
  });
});

it('keeps a thread warm, until the code changes', async () => {
  const counting = 'let calls = 0; export const handler = async () => ++calls;';
  const name = await create(counting);
  expect([(await invoke(name)).payload, (await invoke(name)).payload]).toEqual([1, 2]);
  const ZipFile = zipOf('index.mjs', "export const handler = async () => 'new';");
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
  expect((await invoke(name)).payload).toBe('new');
});

it('tells the handler its environment and context, and returns the log', async () => {
  const code = `export const handler = async (event, context) => {
    console.log('working');
    return [process.env.COLOUR, process.env.AWS_REGION, context.functionName, context.invokedFunctionArn,
      context.getRemainingTimeInMillis() > 0];
  };`;
  const name = await create(code, 'index.mjs', { Environment: { Variables: { COLOUR: 'red' } } });
  const { payload, log } = await invoke(name, {}, { LogType: 'Tail' });
  expect(payload).toEqual(['red', 'us-east-1', name, arnOf(name), true]);
  expect(log).toMatch(/^START RequestId: [\s\S]*working[\s\S]*\nREPORT RequestId: /);
});

it.each([
  ['throw new TypeError("no")', { errorType: 'TypeError', errorMessage: 'no' }],
  ['throw "text"', { errorType: 'string', errorMessage: 'text', trace: [] }],
  [
    'process.exit(3)',
    { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/exit status 3$/) },
  ],
])('answers %s as a function error', async (statement, expected) => {
  const { status, error, payload } = await invoke(
    await create(`export const handler = async () => { ${statement} };`),
  );
  expect({ status, error }).toEqual({ status: 200, error: 'Unhandled' });
  expect(payload).toMatchObject(expected);
});

it('shows traces where Lambda runs the code', async () => {
  const { payload } = await invoke(
    await create('export const handler = async () => { throw new Error("x"); };'),
  );
  expect(payload.trace[1]).toContain('file:///var/task/index.mjs:1:');
  const places = payload.trace.slice(2).filter((line: string) => line.includes('file:'));
  for (const line of places) expect(line).toContain('file:///var/runtime/index.mjs:');
});

it('names a handler that does not exist', async () => {
  const { payload } = await invoke(await create('export const other = 1;'));
  expect(payload).toMatchObject({
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: 'index.handler is undefined or not exported',
  });
});

it('ends a function whose time is up, even one that never yields', async () => {
  const name = await create('export const handler = async () => { for (;;); };', 'index.mjs', { Timeout: 1 });
  const { error, payload } = await invoke(name);
  expect(error).toBe('Unhandled');
  expect(payload.errorType).toBe('Sandbox.Timedout');
  expect(payload.errorMessage).toMatch(/^RequestId: [\w-]+ Error: Task timed out after 1\.00 seconds$/);
});

it('answers an Event before it has run and a DryRun without running', async () => {
  const name = await create('export const handler = async () => {};');
  expect((await invoke(name, {}, { InvocationType: 'Event' })).status).toBe(202);
  expect((await invoke(name, {}, { InvocationType: 'DryRun' })).status).toBe(204);
});

it('refuses what is not there, taken, no zip, or not JSON', async () => {
  const name = await create('export const handler = async () => {};');
  await expect(invoke('missing')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arnOf('missing')}`,
  });
  const input = {
    FunctionName: name,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: roleArn,
  } as const;
  const again = new CreateFunctionCommand({ ...input, Code: { ZipFile: zipOf('a.js', '') } });
  await expect(lambda.send(again)).rejects.toMatchObject({
    name: 'ResourceConflictException',
    message: `Function already exist: ${name}`,
  });
  const garbage = { ...input, FunctionName: 'garbage', Code: { ZipFile: Buffer.from('garbage') } };
  await expect(lambda.send(new CreateFunctionCommand(garbage))).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
  await expect(invoke(name, {}, { Payload: '{' })).rejects.toMatchObject({
    name: 'InvalidRequestContentException',
  });
});
