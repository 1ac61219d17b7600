// Throughput under API Gateway's documented control-plane quotas, in virtual time. npm run bench:quotas [-- SCENARIO…]
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { embeddedStateMachineArn, openEmbedded } from '../cli/embedded.ts';
import { virtualClock } from '../local/clock.ts';
import { quotaFloor } from '../local/quotas.ts';

interface Scenario {
  readonly executions: number;
  readonly apis: number;
  readonly routes: number;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  '100-routes': { executions: 1, apis: 1, routes: 100 },
  '250-routes': { executions: 1, apis: 1, routes: 250 },
  '100-on-10': { executions: 100, apis: 10, routes: 1 },
  '1000-on-10': { executions: 1000, apis: 10, routes: 1 },
  '100-on-1': { executions: 100, apis: 1, routes: 1 },
};

/** Below one resource, as the 300 that an API may have ask for. */
function inputOf({ apis, routes }: Scenario, execution: number) {
  return {
    stage: 'test',
    api: { name: `bench-${execution % apis}` },
    authorization: { type: 'NONE' },
    acceptPublic: true,
    routes: Array.from({ length: routes }, (_, route) => ({
      service: 'sns',
      action: 'ListTopics',
      path: `/r${execution}-${route}`,
    })),
  };
}

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

async function run(name: string, scenario: Scenario): Promise<void> {
  const clock = virtualClock();
  // A role for each route: more than IAM's quota before it is raised.
  const aws = await openEmbedded({ clock, quotas: true, rolesPerAccount: 5000 });
  const { region, credentials, requestHandler } = aws;
  const sfn = new SFNClient({ region, credentials, requestHandler, endpoint: 'http://embedded.localhost' });
  const states = await aws.states();
  const done: Record<string, number> = {};
  const refused: Record<string, number> = {};
  aws.onCall(({ service, operation = '', error }) => {
    if (service !== 'apigateway') return;
    if (error === 'TooManyRequestsException') refused[operation] = (refused[operation] ?? 0) + 1;
    else done[operation] = (done[operation] ?? 0) + 1;
  });
  const startedAt = clock.now();
  const startedReally = performance.now();
  const cpu = process.cpuUsage();
  const arns: string[] = [];
  const started = Array.from({ length: scenario.executions }, async (_, execution) => {
    const input = JSON.stringify(inputOf(scenario, execution));
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: embeddedStateMachineArn, input }),
    );
    arns.push(executionArn);
  });
  await Promise.all(started);
  const ended = await Promise.all(arns.map(arn => states.ended(arn)));
  const last = Math.max(...ended.map(({ stopDate = 0 }) => stopDate));
  const { user, system } = process.cpuUsage(cpu);
  const makespan = (last - startedAt) / 1000;
  const calls = sumOf(done);
  const throttled = sumOf(refused);
  const floor = quotaFloor(done);
  const failed = ended.filter(({ status }) => status !== 'SUCCEEDED');
  console.log(
    `${name}: makespan ${makespan.toFixed(0)} s, ratio ${(makespan / floor).toFixed(2)} to the floor of ${floor.toFixed(0)} s, ` +
      `${(calls / scenario.executions / scenario.routes).toFixed(1)} calls per route, throttled ${throttled} of ${calls + throttled} ` +
      `(${((throttled / (calls + throttled)) * 100).toFixed(1)}%), failed ${failed.length} of ${scenario.executions}; ` +
      `${((performance.now() - startedReally) / 1000).toFixed(0)} s of real time, ${((user + system) / 1e6).toFixed(0)} s of CPU`,
  );
  if (throttled > 0) console.log(`  throttled: ${JSON.stringify(refused)}`);
  for (const { error, cause } of failed.slice(0, 3)) console.log(`  ${error}: ${cause?.slice(0, 300)}`);
  await aws.close();
}

const chosen = process.argv.slice(2);
for (const [name, scenario] of Object.entries(scenarios)) {
  if (chosen.length === 0 || chosen.includes(name)) await run(name, scenario);
}
