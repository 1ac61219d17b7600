// The flags that say where an execution runs.
import { type Command, Option } from 'commander';
import { skippableStates } from '../core/step.ts';

export const allowTarget = () =>
  new Option(
    '--allow-target <role-arn or region...>',
    'roles to assume and regions where, on the embedded AWS, an input may place its API',
  );

export function addEngineFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--target <where>',
        'where to run (default: embedded, unless a state machine or an endpoint is named)',
      ).choices(['embedded', 'aws']),
    )
    .option('--state-machine-arn <arn>', 'the deployed state machine (or SERVICE_PROXY_STATE_MACHINE_ARN)')
    .option('--endpoint-url <url>', 'another endpoint for AWS, such as a running `service-proxy up`')
    .option('--region <region>', 'AWS region')
    .option('--data <dir>', 'keep the embedded account in this directory')
    .option(
      '--services-url <url>',
      'another AWS-compatible emulator for everything but the state machine and the ledger',
    )
    .addOption(allowTarget())
    .option(
      '--skip-states <names>',
      `states to leave out, of ${skippableStates.join(', ')}: reported as skipped, never as passed`,
    );
}
