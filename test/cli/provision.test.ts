// provision and remove: one JSON document each, with everything that a program after them needs to know.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded } from '../../cli/embedded.ts';
import type { EmbeddedAws } from '../../local/embedded.ts';
import { serviceProxy } from './command-line.ts';

let aws: EmbeddedAws;
let url: string;
beforeAll(async () => {
  aws = await openEmbedded();
  url = (await aws.listen(0)).url;
});
afterAll(() => aws.close());

const route = ['--service', 'sns', '--action', 'ListTopics', '--stage', 'test', '--path', '/topics'];
const open = ['--authorization', 'NONE', '--accept-public'];
const run = async (command: string, ...flags: string[]) => {
  const ended = await serviceProxy(command, ...route, ...open, '--endpoint-url', url, ...flags, '--json');
  return { ...ended, document: JSON.parse(ended.stdout) };
};

it('says what was made, where it is served, and what the test answered', async () => {
  const { exitCode, document, stdout } = await run('provision');
  expect(exitCode).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(document).toEqual({
    status: 'SUCCEEDED',
    executionArn: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:execution:/),
    restApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
    stage: 'test',
    routes: [
      {
        path: '/topics',
        httpMethod: 'GET',
        service: 'sns',
        action: 'ListTopics',
        url: `${url}/_aws/execute-api/${document.restApiId}/test/topics`,
        roleArn: expect.stringMatching(/^arn:aws:iam::000000000000:role\/service-proxy\//),
        test: { status: 200, body: { ListTopicsResponse: expect.anything() } },
      },
    ],
    deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
    created: expect.arrayContaining(['REST API service-proxy', 'resource /topics', 'stage test']),
    kept: [],
    removed: [],
    skipped: [],
    calls: expect.any(Number),
    durationMs: expect.any(Number),
  });
  expect(document.calls).toBeGreaterThan(10);
});

it('says what was kept when nothing is left to do', async () => {
  const { document } = await run('provision');
  expect(document).toMatchObject({ status: 'SUCCEEDED', created: [] });
  expect(document.kept).toEqual(expect.arrayContaining(['REST API service-proxy', 'stage test']));
});

it('says what failed and what was rolled back, with exit code 1', async () => {
  const test = '{"expectStatus": 418}';
  const { exitCode, document } = await run('provision', '--api', 'other', '--test', test);
  expect(exitCode).toBe(1);
  expect(document).toMatchObject({
    status: 'FAILED',
    error: 'TestFailed',
    cause: expect.stringContaining('returned 200, expected 418'),
    failedState: 'TestInvokeMethod',
    notRolledBack: [],
  });
  expect(document.rolledBack.join()).toContain('REST API other');
});

it('says what was removed', async () => {
  const { exitCode, document } = await run('remove');
  expect(exitCode).toBe(0);
  expect(document.removed).toEqual(expect.arrayContaining(['REST API service-proxy', 'stage test']));
  const again = await run('remove');
  expect([again.exitCode, again.document.error]).toEqual([2, 'InvalidInput']);
});
