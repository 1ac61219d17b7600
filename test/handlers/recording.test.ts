// The record of a function's calls: every one that may change something, without its payload, wherever there is room for it.
import { beforeEach, describe, expect, it } from 'vitest';
import type { RecordedCall } from '../../core/recorded-call.ts';
import type { Clients } from '../../core/step.ts';
import { loadCalls } from '../../handlers/ledger.ts';
import { recorded, recordingMiddleware, recordingSend } from '../../handlers/recording.ts';
import { type Account, openAccount } from './account.ts';

const now = () => Date.UTC(2026, 0, 1);
const at = '2026-01-01T00:00:00.000Z';

describe('an SDK client', () => {
  const metadata = { httpStatusCode: 201, requestId: 'r-1' };

  function send(commandName: string | undefined, answer: () => Promise<{ output: object }>) {
    const calls: RecordedCall[] = [];
    const middleware = recordingMiddleware('iam', calls, now);
    const context = commandName === undefined ? {} : { commandName };
    const handler = middleware(answer as never, context as never);
    const sent = handler({ input: { RoleName: 'R', PolicyDocument: 'secret' } } as never);
    return { calls, sent, handler };
  }

  it('records a call that may change something, by what it is about', async () => {
    const { calls, sent } = send('CreateRoleCommand', async () => ({ output: { $metadata: metadata } }));
    await expect(sent).resolves.toEqual({ output: { $metadata: metadata } });
    expect(calls).toEqual([
      { at, service: 'iam', operation: 'CreateRole', target: 'R', status: 201, requestId: 'r-1' },
    ]);
  });

  it('records no call that only reads, and gets in the way of none', async () => {
    const answer = async () => ({ output: { $metadata: metadata } });
    const { calls, sent, handler } = send('GetRoleCommand', answer);
    await sent;
    expect(calls).toEqual([]);
    expect(handler).toBe(answer);
  });

  it('records the error it is answered with, and passes it on', async () => {
    const error = Object.assign(new Error('no'), {
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    const { calls, sent } = send('CreateRoleCommand', () => Promise.reject(error));
    await expect(sent).rejects.toBe(error);
    expect(calls).toEqual([
      { at, service: 'iam', operation: 'CreateRole', target: 'R', status: 403, error: 'AccessDenied' },
    ]);
    const odd = send('CreateRoleCommand', () => Promise.reject({ $metadata: {} }));
    await expect(odd.sent).rejects.toBeDefined();
    expect(odd.calls).toEqual([
      { at, service: 'iam', operation: 'CreateRole', target: 'R', error: 'UnknownError' },
    ]);
  });

  it('records a call without a name or anything to be about as what it is', async () => {
    const calls: RecordedCall[] = [];
    const handler = recordingMiddleware(
      'iam',
      calls,
      now,
    )((async () => ({ output: {} })) as never, {} as never);
    await handler({ input: {} } as never);
    expect(calls).toEqual([{ at, service: 'iam', operation: '' }]);
    const named = recordingMiddleware(
      'iam',
      calls,
      now,
    )((async () => ({ output: {} })) as never, { commandName: 'SendCommandCommand' } as never);
    await named({ input: {} } as never);
    expect(calls[1]).toMatchObject({ operation: 'SendCommand' });
  });
});

describe('a request to a route', () => {
  const answerOf = (headers: Readonly<Record<string, string>>) => async () => ({
    status: 200,
    headers,
    body: '',
  });
  const request = { url: 'https://api.example.com/test/p?secret=1', headers: {} };

  it('is recorded by its path, without its query', async () => {
    const calls: RecordedCall[] = [];
    const send = recordingSend(answerOf({ 'x-amzn-requestid': 'r-2' }), calls, now);
    await expect(send({ ...request, method: 'POST' })).resolves.toMatchObject({ status: 200 });
    const recorded = {
      at,
      service: 'execute-api',
      operation: 'Invoke',
      target: 'POST api.example.com/test/p',
    };
    expect(calls).toEqual([{ ...recorded, status: 200, requestId: 'r-2' }]);
    await recordingSend(answerOf({}), calls, now)({ ...request, method: 'PUT' });
    expect(calls[1]).toEqual({ ...recorded, target: 'PUT api.example.com/test/p', status: 200 });
  });

  it('is not recorded where it only reads', async () => {
    const calls: RecordedCall[] = [];
    const send = recordingSend(answerOf({}), calls, now);
    await expect(send({ ...request, method: 'GET' })).resolves.toMatchObject({ status: 200 });
    await send({ ...request, method: 'HEAD' });
    expect(calls).toEqual([]);
  });

  it('is recorded with its error, which is passed on, and with as much of its path as an identifier has', async () => {
    const calls: RecordedCall[] = [];
    const broken = Object.assign(new Error('reset'), { name: 'ECONNRESET' });
    const failing = (error: unknown) => recordingSend(() => Promise.reject(error), calls, now);
    await expect(failing(broken)({ ...request, method: 'POST' })).rejects.toBe(broken);
    await expect(failing('odd')({ ...request, method: 'POST' })).rejects.toBe('odd');
    expect(calls.map(({ error }) => error)).toEqual(['ECONNRESET', 'UnknownError']);
    const long = `https://api.example.com/${'x'.repeat(400)}`;
    await recordingSend(answerOf({}), calls, now)({ method: 'POST', url: long, headers: {} });
    expect(calls[2]?.target).toHaveLength(256);
  });
});

describe('what a function returns', () => {
  const calling = { executionName: 'one', state: 'PutMethod', attempt: 2 };
  const callTo = (service: string, index = 0): RecordedCall => ({
    at,
    service,
    operation: 'PutMethod',
    target: `${'x'.repeat(200)}${index}`,
  });

  let account: Account;
  let clients: Clients;
  beforeEach(() => {
    account = openAccount();
    clients = account.clients();
  });

  const work =
    (calls: readonly RecordedCall[], output: unknown = 'done') =>
    async () => {
      clients.calls.push(...calls);
      if (output instanceof Error) throw output;
      return output;
    };

  it('is its output with its own calls, and none of those before', async () => {
    clients.calls.push(callTo('iam'));
    const calls = [callTo('apigateway')];
    expect(await recorded(clients, calling, work(calls))).toEqual({ output: 'done', calls });
    expect(await loadCalls(clients, 'one')).toEqual([]);
  });

  it('holds as many calls as there is room for; the ledger has the others', async () => {
    const calls = Array.from({ length: 300 }, (_, index) => callTo('apigateway', index));
    const { calls: returned, callsInLedger = 0 } = await recorded(clients, calling, work(calls));
    expect(JSON.stringify(returned).length).toBeLessThanOrEqual(48_000);
    expect(returned.length).toBeGreaterThan(150);
    expect(returned.length + callsInLedger).toBe(300);
    const [kept] = await loadCalls(clients, 'one');
    expect(kept).toMatchObject({ state: 'PutMethod', attempt: 2 });
    expect([...returned, ...(kept?.calls ?? [])]).toEqual(calls);
  });

  it('is an error, whose calls the ledger has', async () => {
    const calls = [callTo('dynamodb'), callTo('apigateway')];
    const failed = recorded(clients, calling, work(calls, new Error('broken')));
    await expect(failed).rejects.toThrow('broken');
    expect(await loadCalls(clients, 'one')).toMatchObject([{ state: 'PutMethod', attempt: 2, calls }]);
  });

  it('needs no record where only the ledger was told something, or nothing at all', async () => {
    const calls = [callTo('dynamodb')];
    await expect(recorded(clients, calling, work(calls, new Error('broken')))).rejects.toThrow('broken');
    await expect(recorded(clients, calling, work([], new Error('broken')))).rejects.toThrow('broken');
    expect(await loadCalls(clients, 'one')).toEqual([]);
  });

  it('is worth more than the record of its calls', async () => {
    account.meet = () => 'denied';
    const calls = [callTo('apigateway')];
    await expect(recorded(clients, calling, work(calls, new Error('broken')))).rejects.toThrow('broken');
    const many = Array.from({ length: 300 }, (_, index) => callTo('apigateway', index));
    await expect(recorded(clients, calling, work(many))).resolves.toMatchObject({ output: 'done' });
  });
});
