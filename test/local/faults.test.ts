import {
  APIGatewayClient,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetRestApisCommand,
} from '@aws-sdk/client-api-gateway';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../local/clock.ts';
import { type Fault, findFaults } from '../../local/faults.ts';
import { apiGatewayQuotas } from '../../local/quotas.ts';
import { aDoor, anAccount, answering } from './front-door.ts';

function anApi(...faults: Fault[]) {
  const made: string[] = [];
  const door = aDoor(
    answering(operation => {
      made.push(operation);
      return {};
    }),
    { findFault: findFaults(faults) },
  );
  const create = async (options = {}) => {
    try {
      await new APIGatewayClient(door.client).send(new CreateRestApiCommand({ name: 'x' }), options);
      return 'made';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  };
  return { made, create, ...door };
}

const fault = (change: Partial<Fault>): Fault => ({
  service: 'apigateway',
  operation: 'CreateRestApi',
  kind: 'throttle',
  ...change,
});

describe('a fault', () => {
  it('meets only the attempts it names', async () => {
    const { create, made } = anApi(fault({ attempts: [2] }));
    expect([await create(), await create(), await create()]).toEqual([
      'made',
      'TooManyRequestsException',
      'made',
    ]);
    expect(made).toHaveLength(2);
  });

  it('strikes before the effect, or after it', async () => {
    const before = anApi(fault({ kind: 'serverError' }));
    expect([await before.create(), before.made]).toEqual(['ServiceUnavailableException', []]);
    const after = anApi(fault({ kind: 'reset', when: 'after' }));
    expect([await after.create(), after.made]).toEqual(['Error', ['CreateRestApi']]);
    expect(after.records).toMatchObject([{ operation: 'CreateRestApi', status: 0 }]);
  });

  it.each([
    ['conflict', 'ConflictException'],
    ['denied', 'AccessDeniedException'],
    ['garbled', 'SyntaxError'],
    ['cutOff', 'SyntaxError'],
  ] as const)('of kind %s reaches the client', async (kind, name) => {
    const { create } = anApi(fault({ kind }));
    expect(await create()).toBe(name);
  });

  it('of kind timeout lasts until the caller gives up', async () => {
    const { create } = anApi(fault({ kind: 'timeout' }));
    expect(await create({ abortSignal: AbortSignal.timeout(20) })).toBe('AbortError');
    expect(await create({ requestTimeout: 20 })).toBe('TimeoutError');
  });

  it('may be meant for one function', async () => {
    const faults = findFaults([
      { service: 'lambda', operation: 'Invoke', functionName: 'a', kind: 'throttle' },
    ]);
    const { client } = aDoor(
      answering(() => ({ StatusCode: 200 })),
      { findFault: faults },
    );
    const invoke = (FunctionName: string) =>
      new LambdaClient(client).send(new InvokeCommand({ FunctionName }));
    await expect(invoke('arn:aws:lambda:us-east-1:000000000000:function:a:1')).rejects.toThrow(
      'Rate Exceeded.',
    );
    await expect(invoke('b')).resolves.toMatchObject({ StatusCode: 200 });
  });

  it('leaves other services alone', async () => {
    const { client } = anApi(fault({ operation: '*' }));
    await expect(new IAMClient(client).send(new ListRolesCommand({}))).resolves.toBeDefined();
  });
});

describe("API Gateway's quotas", () => {
  function aQuota() {
    const clock = virtualClock();
    const door = aDoor(
      answering(() => ({})),
      { aws: anAccount({ clock }), checkQuota: apiGatewayQuotas(clock) },
    );
    const client = new APIGatewayClient(door.client);
    const statusOf = (call: Promise<unknown>) =>
      call.then(() => 200).catch(error => error.$metadata.httpStatusCode);
    return { clock, client, statusOf };
  }

  it('let one API be deleted in 30 seconds and say when to come again', async () => {
    const { clock, client, statusOf } = aQuota();
    const remove = () => client.send(new DeleteRestApiCommand({ restApiId: 'a' }));
    expect(await statusOf(remove())).toBe(200);
    await clock.sleep(10_000);
    await expect(remove()).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      retryAfterSeconds: '20',
    });
    await clock.sleep(20_000);
    expect(await statusOf(remove())).toBe(200);
  });

  it('let regional APIs be made ten times as fast as edge ones', async () => {
    const { clock, client, statusOf } = aQuota();
    const create = (type: 'EDGE' | 'REGIONAL') =>
      statusOf(
        client.send(new CreateRestApiCommand({ name: 'x', endpointConfiguration: { types: [type] } })),
      );
    expect([await create('EDGE'), await create('REGIONAL')]).toEqual([200, 200]);
    await clock.sleep(3_000);
    expect([await create('EDGE'), await create('REGIONAL')]).toEqual([429, 200]);
  });

  it('let 40 calls through at once and 10 a second after that', async () => {
    const { clock, client, statusOf } = aQuota();
    const passed = async (calls: number) => {
      const statuses = await Promise.all(
        Array.from({ length: calls }, () => statusOf(client.send(new GetRestApisCommand({})))),
      );
      return statuses.filter(status => status === 200).length;
    };
    expect(await passed(60)).toBe(40);
    await clock.sleep(1_000);
    expect(await passed(20)).toBe(10);
  });
});
