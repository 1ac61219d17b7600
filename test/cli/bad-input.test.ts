// Requests that cannot be: exit code 2, every problem with its JSON path, and not one call to AWS.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceProxy } from './command-line.ts';

const good = { service: 'sns', action: 'ListTopics', stage: 'test' };
const otherAccount = 'arn:aws:sns:us-east-1:111122223333:orders';

let folder: string;
let aws: Server;
let calls = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'service-proxy-bad-input-'));
  aws = createServer((_, response) => {
    calls += 1;
    response.writeHead(500).end();
  });
  await new Promise<void>(resolve => aws.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  aws.close();
  rmSync(folder, { recursive: true });
});

async function provision(text: string, command = 'provision') {
  const file = join(folder, 'input.json');
  writeFileSync(file, text);
  const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const ended = await serviceProxy(command, '--input', file, '--endpoint-url', endpoint, '--json');
  const document = JSON.parse(ended.stdout);
  const problems = document.problems as { path: string; message: string }[];
  return { ...ended, document, problems: problems.map(({ path, message }) => `${path}: ${message}`) };
}

describe('a request that cannot be', () => {
  it.each<[string, object, string[]]>([
    [
      'an unknown service',
      { ...good, service: 'snss' },
      ['$.service: there is no service "snss"; did you mean sns'],
    ],
    ['a misspelt action', { ...good, action: 'ListTopic' }, ['did you mean ListTopics']],
    ['a missing field', { service: 'sns', action: 'ListTopics' }, ['$.stage: is required']],
    ['an unknown field', { ...good, stages: 'x' }, ['$.stages: unknown field; did you mean stage?']],
    ['a field of the wrong type', { ...good, stage: 7 }, ['$.stage: must be string, not 7']],
    ['a path without a slash', { ...good, path: 'topics' }, ['$.path: ']],
    ['a path with a space', { ...good, path: '/my topics' }, ['$.path: ']],
    ['a greedy variable before the end', { ...good, path: '/{all+}/x' }, ['$.path: a greedy variable']],
    ['the path /ping', { ...good, path: '/ping' }, ['$.path: /ping is reserved']],
    ['the path /sping', { ...good, path: '/sping' }, ['$.path: /sping is reserved']],
    [
      'a public route without consent',
      { ...good, authorization: { type: 'NONE' } },
      ['$.authorization: NONE makes'],
    ],
    [
      'a public write without consent',
      {
        ...good,
        action: 'Publish',
        resources: ['arn:aws:sns:us-east-1:000000000000:orders'],
        acceptPublic: true,
        authorization: { type: 'NONE' },
      },
      ['$.authorization: NONE would let anyone call sns Publish'],
    ],
    [
      'an ARN of another account',
      { ...good, action: 'Publish', resources: [otherAccount] },
      ['$.resources[0]: ', '111122223333'],
    ],
    ['an action on the deny list', { ...good, service: 'iam', action: 'CreateUser' }, ['$.action: ']],
    [
      'several problems at once',
      { service: 'sns', action: 'ListTopics', path: '/ping', surprise: true, requestedBy: 7 },
      ['$.stage: is required', '$.path: /ping', '$.surprise: unknown field', '$.requestedBy: must be string'],
    ],
    [
      'problems of several routes',
      {
        stage: 'test',
        routes: [
          { service: 'sns', action: 'Nope' },
          { service: 'nope', action: 'X' },
        ],
      },
      ['$.routes[0].action: there is no action "Nope"', '$.routes[1].service: there is no service "nope"'],
    ],
  ])('is refused for %s', async (_, input, expected) => {
    const before = calls;
    const { exitCode, problems, stderr } = await provision(JSON.stringify(input));
    expect(exitCode).toBe(2);
    for (const text of expected) expect(problems.join('\n')).toContain(text);
    for (const problem of problems) expect(problem).toMatch(/^\$[.[]/);
    expect(stderr).toContain('nothing was touched');
    expect(calls).toBe(before);
  });

  it.each([
    ['broken JSON', '{"service": "sns",', '$: is not JSON'],
    ['no object', '["sns"]', '$: must be an object'],
    ['a document of 1 MB', JSON.stringify({ ...good, requestedBy: 'x'.repeat(1024 ** 2) }), '$: is 10'],
  ])('is refused for %s', async (_, text, expected) => {
    const { exitCode, problems } = await provision(text);
    expect([exitCode, problems.length]).toEqual([2, 1]);
    expect(problems[0]).toContain(expected);
    expect(calls).toBe(0);
  });

  it('is refused by remove and plan alike', async () => {
    for (const command of ['remove', 'plan']) {
      const { exitCode, problems } = await provision('{"service":"sns"}', command);
      expect([exitCode, problems.join()]).toEqual([2, '$.stage: is required,$.action: is required']);
    }
    expect(calls).toBe(0);
  });

  it('is refused for a file that is not there, and a flag that does not exist', async () => {
    expect(await serviceProxy('plan', '--input', join(folder, 'missing.json'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('missing.json'),
    });
    const surprised = await serviceProxy('plan', '--surprise', '--json');
    expect(surprised.exitCode).toBe(2);
    expect(JSON.parse(surprised.stdout)).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
  });
});

describe('an engine that is not there', () => {
  it('ends with exit code 4 and the address that was tried', async () => {
    const input = join(folder, 'good.json');
    writeFileSync(input, JSON.stringify(good));
    for (const command of ['provision', 'remove', 'plan']) {
      const ended = await serviceProxy(
        command,
        '--input',
        input,
        '--endpoint-url=http://127.0.0.1:1',
        '--json',
      );
      expect(ended.exitCode).toBe(4);
      expect(ended.stderr).toContain('http://127.0.0.1:1');
      expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'FAILED', error: 'EngineUnreachable' });
    }
    expect(await serviceProxy('history', 'list', '--endpoint-url', 'http://127.0.0.1:1')).toMatchObject({
      exitCode: 4,
    });
  });
});
