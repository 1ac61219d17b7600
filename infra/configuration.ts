// What a deployer may configure, and parseConfiguration(): the only code that sees it unvalidated.
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import type { App } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { invalidInput, type Problem } from '../core/errors.ts';
import type { AllowedTargets } from '../core/target.ts';
import { allowedActions, deniedActions, functionPrefix } from '../statemachine/settings.ts';
import { targetBoundary } from '../statemachine/target-role.ts';

export interface TargetRole {
  readonly roleArn: string;
  /** Regions where it may be used; default: `targetRegions`, and the deployment's own. */
  readonly regions?: readonly string[];
  /** Boundary of the routes' roles in its account; default: the one that `ServiceProxyTargetRole` makes. */
  readonly permissionsBoundary?: string;
}

export interface Configuration {
  /** Actions that may be exposed, as `service:Action` with `*`; a deny wins over an allow. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** Accounts whose resources a route may reach; default: any that its role names. */
  readonly accounts?: readonly string[];
  /** Regions a route may call; default: any. */
  readonly regions?: readonly string[];
  /** Roles of other accounts that the functions may assume, for inputs that place their API there. */
  readonly targetRoles: readonly TargetRole[];
  /** Regions besides its own where an input may place its API. */
  readonly targetRegions: readonly string[];
  /** ARN of a managed policy that bounds every role the product makes, instead of the stack's own. */
  readonly permissionsBoundary?: string;
  /** ARN of the SNS topic that alarms go to, instead of the stack's own. */
  readonly alarmTopic?: string;
  /** ARN of a customer managed KMS key for the ledger, the logs, the queues, the topic and the executions. */
  readonly kmsKey?: string;
  readonly logRetentionDays: number;
  /** Puts inputs and outputs of every state into the log as well. */
  readonly logExecutionData: boolean;
  /** Keeps the ledger from being deleted, by anybody. */
  readonly deletionProtection: boolean;
  readonly functionPrefix: string;
  /** Bus that requests come on and outcomes are told on: `default`, or one made for the product. */
  readonly eventBus: string;
  /** Asks CloudTrail who started each execution, and adds it to the archive. */
  readonly trail: boolean;
  /** How long the archive keeps records; for ever where it does not say. */
  readonly archiveRetentionDays?: number;
  /** Nobody, the root user included, can delete a record of the archive before this many days are over. */
  readonly archiveLockDays?: number;
}

export const defaults: Configuration = {
  allow: allowedActions,
  deny: deniedActions,
  targetRoles: [],
  targetRegions: [],
  trail: false,
  logRetentionDays: 90,
  logExecutionData: false,
  deletionProtection: true,
  functionPrefix,
  eventBus: 'default',
};

const list = (pattern: string) => ({
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: { type: 'string', pattern },
});
const arn = (rest: string) => ({ type: 'string', pattern: `^arn:aws[a-z-]*:${rest}$` });
const days = { type: 'integer', minimum: 1, maximum: 36_500 };
const retentions = Object.values(RetentionDays).filter(days => typeof days === 'number' && days < 9999);
const action = '^(\\*|[a-z0-9*-]+:[A-Za-z0-9*]+)$';

const region = '^[a-z]{2}(-[a-z]+)+-\\d$';

const properties = {
  allow: list(action),
  deny: { ...list(action), minItems: 0 },
  accounts: list('^\\d{12}$'),
  regions: list(region),
  targetRoles: {
    type: 'array',
    uniqueItems: true,
    items: {
      type: 'object',
      properties: {
        roleArn: arn('iam::\\d{12}:role/[\\w+=,.@/-]+'),
        regions: list(region),
        permissionsBoundary: arn('iam::(\\d{12}|aws):policy/.+'),
      },
      required: ['roleArn'],
      additionalProperties: false,
    },
  },
  targetRegions: { ...list(region), minItems: 0 },
  permissionsBoundary: arn('iam::(\\d{12}|aws):policy/.+'),
  alarmTopic: arn('sns:[a-z0-9-]+:\\d{12}:[\\w-]+'),
  kmsKey: arn('kms:[a-z0-9-]+:\\d{12}:key/(mrk-)?[0-9a-f-]{32,36}'),
  logRetentionDays: { enum: retentions },
  logExecutionData: { type: 'boolean' },
  deletionProtection: { type: 'boolean' },
  // A function's name has 64 characters at most; the longest state takes 19 of them.
  functionPrefix: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,40}$' },
  eventBus: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,256}$' },
  trail: { type: 'boolean' },
  archiveRetentionDays: days,
  archiveLockDays: days,
} satisfies Record<keyof Configuration, object>;

/** As the functions get it. */
export const allowedTargets = ({ targetRoles, targetRegions }: Configuration): AllowedTargets => ({
  regions: targetRegions,
  roles: targetRoles.map(role => ({ permissionsBoundary: targetBoundary(role.roleArn), ...role })),
});

const validate = new Ajv({ allErrors: true, strict: false, verbose: true }).compile({
  type: 'object',
  additionalProperties: false,
  properties,
});

function problemOf({ instancePath, keyword, params, message = '', data }: ErrorObject): Problem {
  const path = `$${instancePath.replaceAll(/\/(\d+)/g, '[$1]').replaceAll('/', '.')}`;
  switch (keyword) {
    case 'additionalProperties':
      return {
        path: `${path}.${params.additionalProperty}`,
        message:
          path === '$' ? `is no option; there are ${Object.keys(properties).join(', ')}` : 'is no option',
      };
    case 'enum':
      return { path, message: `${JSON.stringify(data)} is none of ${params.allowedValues.join(', ')}` };
    case 'pattern':
      return { path, message: `"${data}" does not match ${params.pattern}` };
    default:
      return { path, message };
  }
}

/** @throws ServiceProxyError `InvalidInput` with every problem */
export function parseConfiguration(given: unknown): Configuration {
  if (validate(given)) return { ...defaults, ...(given as Partial<Configuration>) };
  throw invalidInput((validate.errors ?? []).map(problemOf));
}

/** From the context: `-c configuration=FILE`, or an object under that name in cdk.json. */
export function readConfiguration(app: App): Configuration {
  const given: unknown = app.node.tryGetContext('configuration') ?? {};
  return parseConfiguration(typeof given === 'string' ? JSON.parse(readFileSync(given, 'utf8')) : given);
}
