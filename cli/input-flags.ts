// The execution input from a command's flags, on top of a file where one is given.
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { invalidInput } from '../core/errors.ts';
import type { TargetInput } from '../core/target.ts';
import { readStandardInput } from './standard-input.ts';

export interface TargetFlags {
  readonly targetRole?: string;
  readonly targetRegion?: string;
  readonly targetExternalId?: string;
}

export interface InputFlags extends TargetFlags {
  readonly input?: string;
  readonly service?: string;
  readonly action?: string;
  readonly stage?: string;
  readonly api?: string;
  readonly apiId?: string;
  readonly path?: string;
  readonly method?: string;
  readonly authorization?: string;
  readonly acceptPublic?: boolean;
  readonly acceptPublicWrite?: boolean;
  readonly parameters?: string;
  readonly resource?: readonly string[];
  readonly test?: string;
  readonly clientToken?: string;
  readonly requestedBy?: string;
  readonly approval?: boolean;
  readonly onFailure?: string;
}

/** A document larger than this is not read at all: Step Functions takes 262,144 bytes. */
const largestFile = 262_144;

export const addTargetFlags = (command: Command): Command =>
  command
    .option('--target-role <arn>', 'role to assume in the account where the API lives')
    .option('--target-region <region>', 'region where the API lives')
    .option('--target-external-id <id>', 'what that role’s trust policy demands as sts:ExternalId');

export function addInputFlags(command: Command): Command {
  return addTargetFlags(command)
    .option('--input <file>', 'execution input as JSON; - reads standard input')
    .option('--service <name>', 'AWS service, such as sns')
    .option('--action <name>', 'operation of the service, such as ListTopics')
    .option('--stage <name>', 'stage the route is deployed to')
    .option('--api <name>', 'API by name, made when it is not there')
    .option('--api-id <id>', 'existing REST API by id')
    .option('--path <path>', 'resource path (default: /{service}/{action})')
    .option('--method <method>', 'HTTP method (default: from the operation)')
    .option('--authorization <type>', 'AWS_IAM, API_KEY or NONE (default: AWS_IAM)')
    .option('--accept-public', 'consent to --authorization NONE')
    .option('--accept-public-write', 'consent to NONE for an action that does more than read')
    .option('--parameters <json>', 'where the action’s input members come from')
    .addOption(new Option('--resource <arn...>', 'ARNs the role may touch'))
    .option('--test <json>', 'a request that is safe to send')
    .option('--client-token <token>', 'the same token again is the same request')
    .option('--requested-by <who>', 'who asks, for the audit')
    .option('--approval', 'wait for approve or reject before the first change')
    .addOption(new Option('--on-failure <what>', 'what a failure leads to').choices(['ROLL_BACK', 'PAUSE']));
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidInput([
      { path, message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` },
    ]);
  }
}

function readInput(file: string): Record<string, unknown> {
  let bytes: Buffer;
  try {
    bytes = file === '-' ? readStandardInput() : readFileSync(file);
  } catch (error) {
    throw invalidInput([
      { path: '--input', message: error instanceof Error ? error.message : String(error) },
    ]);
  }
  if (bytes.byteLength > largestFile) {
    throw invalidInput([
      { path: '$', message: `is ${bytes.byteLength} bytes; Step Functions takes at most ${largestFile}` },
    ]);
  }
  const value = parseJson(bytes.toString(), '$');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidInput([{ path: '$', message: 'must be an object' }]);
  }
  return value as Record<string, unknown>;
}

export function targetOf({
  targetRole,
  targetRegion,
  targetExternalId,
}: TargetFlags): TargetInput | undefined {
  const fields = { roleArn: targetRole, region: targetRegion, externalId: targetExternalId };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

/** Unvalidated: parseInput decides. */
export function inputFrom(flags: InputFlags): Record<string, unknown> {
  const fields = {
    service: flags.service,
    action: flags.action,
    stage: flags.stage,
    api:
      flags.api !== undefined
        ? { name: flags.api }
        : flags.apiId !== undefined
          ? { id: flags.apiId }
          : undefined,
    path: flags.path,
    httpMethod: flags.method?.toUpperCase(),
    authorization: flags.authorization === undefined ? undefined : { type: flags.authorization },
    acceptPublic: flags.acceptPublic,
    acceptPublicWrite: flags.acceptPublicWrite,
    parameters: flags.parameters === undefined ? undefined : parseJson(flags.parameters, '--parameters'),
    resources: flags.resource,
    test: flags.test === undefined ? undefined : parseJson(flags.test, '--test'),
    clientToken: flags.clientToken,
    requestedBy: flags.requestedBy,
    approval: flags.approval,
    onFailure: flags.onFailure,
    target: targetOf(flags),
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...(flags.input === undefined ? {} : readInput(flags.input)), ...Object.fromEntries(given) };
}
