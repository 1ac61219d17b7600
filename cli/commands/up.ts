// up: the embedded AWS in the foreground, with commands to paste.
import type { Command } from 'commander';
import { allowedTargets } from '../allowed-targets.ts';
import { embeddedStateMachineArn, openEmbedded } from '../embedded.ts';
import { allowTarget } from '../engine-flags.ts';

interface Flags {
  readonly port: string;
  readonly data?: string;
  readonly quotas?: boolean;
  readonly trail?: boolean;
  readonly allowTarget?: readonly string[];
}

const help = `
Examples:
    service-proxy up                     on port 4566
    service-proxy up --port 0            on a free port
    service-proxy up --data ./account    keeps the account between runs`;

const pasteable = (url: string) => `The embedded AWS answers at ${url} (keys test/test, us-east-1). Try:

  export AWS_ENDPOINT_URL=${url} AWS_DEFAULT_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test

  aws sns create-topic --name orders
  aws stepfunctions start-execution \\
    --state-machine-arn ${embeddedStateMachineArn} \\
    --input '{"service":"sns","action":"ListTopics","stage":"test",
      "api":{"name":"MyDemoAPI"},"path":"/mydemoawsproxy",
      "authorization":{"type":"NONE"},"acceptPublic":true}'
  aws stepfunctions list-executions \\
    --state-machine-arn ${embeddedStateMachineArn}

Ctrl-C ends it.
`;

async function run({ port, data, quotas, trail, allowTarget: given }: Flags): Promise<void> {
  const aws = await openEmbedded({
    watch: true,
    archive: true,
    requests: true,
    targets: allowedTargets(given),
    ...(data !== undefined && { dataDir: data }),
    ...(quotas && { quotas }),
    ...(trail && { trail }),
  });
  const { url } = await aws.listen(Number(port));
  process.stdout.write(pasteable(url));
  await new Promise<void>(resolve => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await aws.close();
}

export function addUp(program: Command, end: (code: number) => void): void {
  program
    .command('up')
    .description('run the embedded AWS in the foreground')
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', '4566')
    .option('--data <dir>', 'keep the account in this directory')
    .option('--quotas', 'enforce API Gateway’s documented control-plane rates')
    .option('--trail', 'note in the archive who started each execution, as CloudTrail says it')
    .addOption(allowTarget())
    .addHelpText('after', help)
    .action(async (flags: Flags) => {
      await run(flags);
      end(0);
    });
}
