// --services-url: the state machine and the ledger run here, everything else is made in another emulator.
import { afterEach, expect, it } from 'vitest';
import { openEmbedded } from '../../cli/embedded.ts';
import type { EmbeddedAws, EmbeddedOptions } from '../../local/embedded.ts';
import { serviceProxy } from './command-line.ts';

let other: EmbeddedAws;
afterEach(() => other.close());

async function provisionIn(options: EmbeddedOptions, ...flags: string[]) {
  other = await openEmbedded(options);
  const { url } = await other.listen(0);
  const route = ['--service', 'sns', '--action', 'ListTopics', '--stage', 'test', '--path', '/topics'];
  const open = ['--authorization', 'NONE', '--accept-public'];
  const ended = await serviceProxy('provision', ...route, ...open, '--services-url', url, ...flags, '--json');
  return { ...ended, url, document: JSON.parse(ended.stdout) };
}
const apisOf = ({ store }: EmbeddedAws) => Object.keys(store.content()['apigateway/restapis'] ?? {});

it('provisions in the other emulator, and calls the route there', async () => {
  const { exitCode, document, url } = await provisionIn({});
  expect(exitCode).toBe(0);
  expect(document).toMatchObject({ status: 'SUCCEEDED', skipped: [] });
  const [route] = document.routes;
  expect(route.url).toBe(`${url}/_aws/execute-api/${document.restApiId}/test/topics`);
  expect(route.test).toMatchObject({ status: 200, body: { ListTopicsResponse: expect.anything() } });
  expect((await fetch(route.url)).status).toBe(200);
});

const lacksTests = {
  faults: [{ service: 'apigateway', operation: 'TestInvokeMethod', kind: 'denied' }],
} as const;

it('fails and rolls back there when the other emulator lacks what a state needs', async () => {
  const { exitCode, document } = await provisionIn(lacksTests);
  expect(exitCode).toBe(1);
  expect(document).toMatchObject({ status: 'FAILED', failedState: 'TestInvokeMethod', notRolledBack: [] });
  expect(apisOf(other)).toEqual([]);
});

it('leaves named states out, and reports them as skipped, not as passed', async () => {
  const { exitCode, document } = await provisionIn(
    lacksTests,
    '--skip-states',
    'TestInvokeMethod,VerifyStage',
  );
  expect(exitCode).toBe(0);
  expect(document.skipped).toEqual(['TestInvokeMethod', 'VerifyStage']);
  expect(document.routes[0].test).toEqual({ skipped: 'TestInvokeMethod was left out' });
});

it('leaves out nothing else, and only where the state machine runs here', async () => {
  const { exitCode, document } = await provisionIn({}, '--skip-states', 'CreateRole');
  expect([exitCode, document.problems[0].path]).toEqual([2, '--skip-states']);
  const aws = await serviceProxy(
    'provision',
    '--endpoint-url',
    'http://127.0.0.1:1',
    '--skip-states',
    'VerifyStage',
  );
  expect([aws.exitCode, aws.stderr]).toEqual([2, expect.stringContaining('--skip-states')]);
});
