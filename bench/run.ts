// Benchmarks: medians of at least 20 runs, printed. npm run bench
import { execFileSync, spawn } from 'node:child_process';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { embeddedStateMachineArn, openEmbedded } from '../cli/embedded.ts';
import { benchCatalog } from './catalog.ts';

const rounds = 20;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const print = (name: string, values: readonly number[], unit: string, target: string) =>
  console.log(
    `${name}: median ${median(values).toFixed(0)} ${unit}, of ${values.length} (min ${Math.min(...values).toFixed(0)}, max ${Math.max(...values).toFixed(0)}); target ${target}`,
  );

const input = {
  service: 'sns',
  action: 'ListTopics',
  stage: 'test',
  path: '/mydemoawsproxy',
  authorization: { type: 'NONE' },
  acceptPublic: true,
};

/** One provision execution of the walkthrough's input, each for an API of its own, through a running engine. */
async function provisioning(): Promise<void> {
  const aws = await openEmbedded();
  const { region, credentials, requestHandler } = aws;
  const sfn = new SFNClient({ region, credentials, requestHandler, endpoint: 'http://embedded.localhost' });
  const states = await aws.states();
  let calls = 0;
  aws.onCall(({ service }) => {
    if (service === 'apigateway') calls += 1;
  });
  const times: number[] = [];
  const callCounts: number[] = [];
  for (let round = 0; round < rounds + 3; round++) {
    calls = 0;
    const startedAt = performance.now();
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: embeddedStateMachineArn,
        input: JSON.stringify({ ...input, api: { name: `Bench${round}` } }),
      }),
    );
    // Without polling: a follower's calls would be counted in.
    await states.ended(executionArn);
    const took = performance.now() - startedAt;
    const { status, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'SUCCEEDED') throw new Error(cause);
    if (round < 3) continue; // the first ones load the services
    times.push(took);
    callCounts.push(calls);
  }
  await aws.close();
  print('provision execution', times, 'ms', '150 ms');
  print('API Gateway control-plane calls', callCounts, 'calls', '15');
}

/** From process start to the first answered request, and the memory the process then holds. */
async function startUp(): Promise<void> {
  const times: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['cli/bin.mjs', 'up', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const url = await new Promise<string>(resolve => {
      let text = '';
      child.stdout.on('data', chunk => {
        text += chunk;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
        if (found) resolve(found);
      });
    });
    await fetch(`${url}/_aws/health`);
    times.push(performance.now() - startedAt);
    memory.push(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)]).toString()) / 1024);
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  print('up: first request answered', times, 'ms', '600 ms');
  print('up: resident memory', memory, 'MB', '200 MB');
}

await provisioning();
await startUp();
benchCatalog(print);
