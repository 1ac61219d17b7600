// What an embedded account contains from the start: roles and policies, the state machines and the tables.
import type { BuiltInFunction } from './built-in-functions.ts';
import type { QueueSetup, StateMachineSetup, TableSetup } from './embedded.ts';
import { policies, roles, uniqueId } from './iam/model.ts';
import { type Aws, type CallContext, type RelayedService, type Service, ServiceError } from './service.ts';
import { wireServices } from './wire/services.ts';

/** The root user, on whose behalf the account is set up. */
export function rootCall(aws: Aws): CallContext {
  const arn = `arn:${aws.partition}:iam::${aws.account}:root`;
  const caller = { account: aws.account, arn, accessKeyId: 'test' };
  return { aws, caller, region: aws.region, requestId: aws.ids.uuid() };
}

interface RoleSetup {
  readonly name: string;
  readonly path: string;
  readonly servicePrincipal: string;
  readonly policy: object;
}

/** Makes the role, or gives an existing one the policy it should have now. */
export function ensureRole(aws: Aws, { name, path, servicePrincipal, policy }: RoleSetup): string {
  const arn = `arn:${aws.partition}:iam::${aws.account}:role${path}${name}`;
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: servicePrincipal }, Action: 'sts:AssumeRole' }],
  };
  const existing = roles(aws).get(name.toLowerCase());
  const inlinePolicies = { [name]: JSON.stringify(policy) };
  if (existing?.arn === arn && existing.inlinePolicies[name] === inlinePolicies[name]) return arn;
  const role = {
    name,
    path,
    arn,
    id: existing?.id ?? uniqueId(aws, 'AROA'),
    createdAt: existing?.createdAt ?? aws.clock.now(),
    // Long enough ago for every region to know the role.
    changedAt: 0,
    maxSessionDuration: 3600,
    trustPolicy: JSON.stringify(trust),
    inlinePolicies,
    attachedPolicies: [],
    tags: [],
  };
  roles(aws).set(name.toLowerCase(), role);
  return arn;
}

export interface ManagedPolicySetup {
  readonly name: string;
  readonly path: string;
  readonly document: object;
}

/** Makes the policy, or gives an existing one the document it should have now. */
export function ensureManagedPolicy(aws: Aws, { name, path, document }: ManagedPolicySetup): void {
  const arn = `arn:${aws.partition}:iam::${aws.account}:policy${path}${name}`;
  const existing = policies(aws).get(arn);
  const text = JSON.stringify(document);
  if (existing?.document === text) return;
  const made = { name, path, arn, id: uniqueId(aws, 'ANPA'), createdAt: aws.clock.now(), tags: [] };
  policies(aws).set(arn, { ...(existing ?? made), document: text });
}

export function functionRole(aws: Aws, { name, policy }: BuiltInFunction): string {
  return ensureRole(aws, {
    name,
    path: '/service-proxy-functions/',
    servicePrincipal: 'lambda.amazonaws.com',
    policy,
  });
}

const functionArn = (aws: Aws, name: string) =>
  `arn:${aws.partition}:lambda:${aws.region}:${aws.account}:function:${name}`;

export function stateMachineRole(
  aws: Aws,
  machine: StateMachineSetup,
  functions: readonly BuiltInFunction[],
): string {
  const resources = functions.flatMap(({ name }) => [functionArn(aws, name), `${functionArn(aws, name)}:*`]);
  const invokeFunctions = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: resources };
  const policy = machine.rolePolicy ?? {
    Version: '2012-10-17',
    Statement: resources.length > 0 ? [invokeFunctions] : [],
  };
  return ensureRole(aws, {
    name: `${machine.name}Role`,
    path: '/service-proxy-state-machines/',
    servicePrincipal: 'states.amazonaws.com',
    policy,
  });
}

/** Makes the state machines; one that is there already gets the definition it should have now. */
export async function ensureStateMachines(
  aws: Aws,
  states: Service,
  machines: readonly StateMachineSetup[],
  functions: readonly BuiltInFunction[],
): Promise<void> {
  for (const machine of machines) {
    const { name, definition } = machine;
    const roleArn = stateMachineRole(aws, machine, functions);
    const stateMachineArn = `arn:${aws.partition}:states:${aws.region}:${aws.account}:stateMachine:${name}`;
    const call = rootCall(aws);
    try {
      await states.operations.CreateStateMachine?.({ name, definition, roleArn }, call);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'StateMachineAlreadyExists') throw error;
      await states.operations.UpdateStateMachine?.({ stateMachineArn, definition, roleArn }, call);
    }
  }
}

export async function ensureTables(
  aws: Aws,
  dynamodb: RelayedService,
  tables: readonly TableSetup[],
): Promise<void> {
  for (const table of tables) {
    const made = await relayJson(aws, dynamodb, 'dynamodb', 'CreateTable', table);
    if (made.status !== 200 && !made.answer.includes('ResourceInUseException')) {
      throw new Error(`CreateTable ${table.TableName}: ${made.answer}`);
    }
  }
}

/** In their order: a queue is there before the one that it takes failed messages of. */
export async function ensureQueues(
  aws: Aws,
  sqs: RelayedService,
  queues: readonly QueueSetup[],
): Promise<void> {
  for (const queue of queues) {
    const made = await relayJson(aws, sqs, 'sqs', 'CreateQueue', queue);
    if (made.status !== 200) throw new Error(`CreateQueue ${queue.QueueName}: ${made.answer}`);
  }
}

async function relayJson(
  aws: Aws,
  service: RelayedService,
  name: 'dynamodb' | 'sqs',
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<{ readonly status: number; readonly answer: string }> {
  const body = Buffer.from(JSON.stringify(input));
  const headers = {
    host: `${name}.localhost`,
    'content-type': 'application/x-amz-json-1.0',
    'content-length': String(body.length),
    'x-amz-target': `${wireServices[name]?.target}.${operation}`,
  };
  const request = { method: 'POST', path: '/', query: '', headers, body };
  const { status, body: answer } = await service.relay(request, operation, input, rootCall(aws));
  return { status, answer: Buffer.from(answer).toString() };
}
