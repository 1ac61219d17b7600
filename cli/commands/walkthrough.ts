// walkthrough: AWS's "Build an API Gateway API with AWS Integration" on the embedded AWS, from topics to clean-up.
import type { Command } from 'commander';
import { openEngine } from '../engine.ts';
import { exitCodeOf, exitCodes, inWordsOf } from '../outcome.ts';
import { openProgress } from '../progress.ts';
import { runExecution } from '../run-execution.ts';

export const walkthroughInput = {
  service: 'sns',
  action: 'ListTopics',
  stage: 'test',
  api: { name: 'MyDemoAPI' },
  path: '/mydemoawsproxy',
  httpMethod: 'GET',
  authorization: { type: 'NONE' },
  acceptPublic: true,
};

const topics = ['orders', 'invoices'];
const say = (text: string) => process.stdout.write(`${text}\n`);

async function run(keep: boolean): Promise<number> {
  const engine = await openEngine({ target: 'embedded' });
  const { embedded } = engine;
  if (!embedded) throw new Error('the walkthrough runs on the embedded AWS');
  try {
    say('1. Topics exist in Amazon SNS:');
    const { CreateTopicCommand, SNSClient } = await import('@aws-sdk/client-sns');
    const { region, credentials, requestHandler } = embedded;
    const sns = new SNSClient({ region, credentials, requestHandler, endpoint: 'http://embedded.localhost' });
    for (const Name of topics) say(`   ${(await sns.send(new CreateTopicCommand({ Name }))).TopicArn}`);

    say('\n2. One StartExecution exposes sns ListTopics as GET /mydemoawsproxy:');
    const progress = openProgress(process.stdout);
    const result = await runExecution(engine, walkthroughInput, step => progress.show(step));
    progress.end();
    say(`\n${inWordsOf(result)}`);
    if (result.status !== 'SUCCEEDED') return exitCodeOf(result);

    const { url } = result.routes[0] as { url: string };
    const answer = await embedded.http({ method: 'GET', url, headers: {} });
    say(`\n3. GET ${url} answers ${answer.status}:`);
    say(JSON.stringify(JSON.parse(answer.body), null, 2));
    if (answer.status !== 200) return exitCodes.failed;
    if (keep) return await serveUntilInterrupted(embedded, result.restApiId);

    say('\n4. Clean up: the same input with "operation": "remove":');
    const cleaning = openProgress(process.stdout);
    const removed = await runExecution(engine, { ...walkthroughInput, operation: 'remove' }, step =>
      cleaning.show(step),
    );
    cleaning.end();
    if (removed.status !== 'SUCCEEDED') {
      say(inWordsOf(removed));
      return exitCodeOf(removed);
    }
    const gone = await embedded.http({ method: 'GET', url, headers: {} });
    say(`\nThe URL now answers ${gone.status}. Removed: ${removed.removed.join(', ')}.`);
    return exitCodes.succeeded;
  } finally {
    await engine.close();
  }
}

async function serveUntilInterrupted(
  embedded: { listen(port: number): Promise<{ url: string }> },
  restApiId: string,
): Promise<number> {
  const { url } = await embedded.listen(0);
  say(
    `\nKept. Call it: curl ${url}/_aws/execute-api/${restApiId}/${walkthroughInput.stage}${walkthroughInput.path}\nCtrl-C ends it.`,
  );
  await new Promise<void>(resolve => process.once('SIGINT', resolve));
  return exitCodes.succeeded;
}

export function addWalkthrough(program: Command, end: (code: number) => void): void {
  program
    .command('walkthrough')
    .description('the whole walkthrough on the embedded AWS: provision, call, clean up')
    .option('--keep', 'leave the route serving until Ctrl-C')
    .addHelpText('after', '\nExamples:\n    service-proxy walkthrough\n    service-proxy walkthrough --keep')
    .action(async (flags: { keep?: boolean }) => end(await run(flags.keep ?? false)));
}
