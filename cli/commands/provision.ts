// provision and remove: one execution, followed to its end.
import type { Command } from 'commander';
import { type EngineOptions, openEngine } from '../engine.ts';
import { addEngineFlags } from '../engine-flags.ts';
import { addInputFlags, type InputFlags, inputFrom } from '../input-flags.ts';
import { exitCodeOf, inWordsOf } from '../outcome.ts';
import { openProgress } from '../progress.ts';
import { inputToResume, runExecution } from '../run-execution.ts';

type Flags = InputFlags & EngineOptions & { readonly json?: boolean; readonly resume?: string };

const examples = {
  provision: `
Examples:
  The walkthrough's route, on the embedded AWS of this process:
    service-proxy provision --service sns --action ListTopics --stage test \\
      --api MyDemoAPI --path /mydemoawsproxy --authorization NONE --accept-public
  The same in a running \`service-proxy up\`, and in an AWS account:
    service-proxy provision --endpoint-url http://127.0.0.1:4566 --input route.json
    service-proxy provision --state-machine-arn arn:aws:states:… --input route.json`,
  remove: `
Examples:
    service-proxy remove --endpoint-url http://127.0.0.1:4566 --service sns --action ListTopics \\
      --stage test --api MyDemoAPI --path /mydemoawsproxy`,
};

async function run(operation: 'provision' | 'remove', flags: Flags): Promise<number> {
  const given = { ...inputFrom(flags), ...(operation === 'remove' && { operation }) };
  const engine = await openEngine(flags);
  const progress = openProgress(process.stderr);
  try {
    const input = flags.resume === undefined ? given : await inputToResume(engine, flags.resume, given);
    const result = await runExecution(engine, input, step => progress.show(step));
    progress.end();
    process.stdout.write(`${flags.json ? JSON.stringify(result) : inWordsOf(result)}\n`);
    return exitCodeOf(result);
  } finally {
    await engine.close();
  }
}

export function addProvision(program: Command, end: (code: number) => void): void {
  const describe = {
    provision: 'expose an AWS service action as a route',
    remove: 'take a route away again, with everything made for it',
  };
  for (const operation of ['provision', 'remove'] as const) {
    const command = program.command(operation).description(describe[operation]);
    if (operation === 'provision')
      command.option('--resume <execution>', 'go on with an execution that is paused or could not roll back');
    addEngineFlags(addInputFlags(command))
      .option('--json', 'one JSON document on standard output, nothing else there')
      .addHelpText('after', examples[operation])
      .action(async (flags: Flags) => end(await run(operation, flags)));
  }
}
