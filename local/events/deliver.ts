// Brings an event to a target of any kind, with the permissions that the target's role or policy grants.
import { callJson } from '../call.ts';
import { findAccessKey, rootCredentials } from '../credentials.ts';
import { contextOf, decide, denialMessage, effect } from '../iam/evaluate.ts';
import { namesPrincipal, statementsOf } from '../iam/statements.ts';
import { type Authorization, type Aws, type Credentials, ServiceError } from '../service.ts';
import { type BusEvent, type DeliveryDocument, findBus } from './model.ts';
import { kindOf } from './targets.ts';

const principal = 'events.amazonaws.com';

/** An event over to another bus: it is passed on only once. */
export type PassOn = (bus: string, event: BusEvent, hops: number) => void;

/** Throws what the target answered with. */
export async function deliver(aws: Aws, delivery: DeliveryDocument, passOn: PassOn): Promise<void> {
  const { target, ruleArn, payload, event } = delivery;
  const { Arn = '', RoleArn } = target;
  const role = RoleArn === undefined ? undefined : aws.assumeRole(RoleArn, principal, event.id);
  switch (kindOf(Arn)) {
    case 'states':
      return startExecution(aws, delivery, role ?? rootCredentials);
    case 'sqs': {
      const groupId = target.SqsParameters?.MessageGroupId;
      const message = { MessageBody: payload, ...(groupId !== undefined && { MessageGroupId: groupId }) };
      return sendMessage(aws, Arn, message, ruleArn, role);
    }
    case 'lambda':
      return invoke(aws, Arn, payload, ruleArn);
    case 'events':
      requireAllowed(aws, role, { action: 'events:PutEvents', resource: Arn });
      if (delivery.hops === 0) passOn(findBus(aws, Arn).name, event, 1);
      return;
    default:
      throw new ServiceError('NotImplemented', 501, `the target ${Arn} is not part of the embedded AWS`);
  }
}

/** The same event again would be the same execution: EventBridge names it after the event. */
async function startExecution(aws: Aws, delivery: DeliveryDocument, role: Credentials): Promise<void> {
  const { target, event, payload } = delivery;
  const input = {
    stateMachineArn: target.Arn,
    name: `${event.id}_${target.Id}`.slice(0, 80),
    input: payload,
  };
  try {
    await callJson(aws, role, 'states', 'StartExecution', input);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ExecutionAlreadyExists') throw error;
  }
}

function requireAllowed(aws: Aws, role: Credentials | undefined, needed: Authorization): void {
  const caller = role && findAccessKey(aws, role.accessKeyId, role.sessionToken)?.caller;
  const decision = caller ? decide(aws, caller, needed) : 'no identity-based policy';
  if (caller && decision === 'allowed') return;
  const said = caller ? denialMessage(caller, needed, decision) : `No role for ${needed.action}`;
  throw new ServiceError('AccessDenied', 403, said);
}

/** Lambda takes an event and runs the function by itself: a function that fails is an attempt that failed. */
async function invoke(aws: Aws, functionArn: string, payload: string, sourceArn: string): Promise<void> {
  const as = { servicePrincipal: principal, sourceArn };
  const result = await aws.invokeFunction({ functionArn, payload: Buffer.from(payload), as });
  if (result.functionError === undefined) return;
  const said = Buffer.from(result.payload).toString().slice(0, 1000);
  throw new ServiceError('FunctionFailed', 500, said);
}

/** Without a role, the queue's own policy has to let EventBridge send. */
export async function sendMessage(
  aws: Aws,
  queueArn: string,
  message: object,
  sourceArn: string,
  role?: Credentials,
): Promise<void> {
  const [, , , region, account, name] = queueArn.split(':');
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  if (!role) await requirePolicy(aws, queueArn, QueueUrl, sourceArn);
  await callJson(aws, role ?? rootCredentials, 'sqs', 'SendMessage', { QueueUrl, ...message });
}

async function requirePolicy(aws: Aws, queueArn: string, QueueUrl: string, sourceArn: string): Promise<void> {
  const input = { QueueUrl, AttributeNames: ['Policy'] };
  const { Attributes } = await callJson(aws, rootCredentials, 'sqs', 'GetQueueAttributes', input);
  const policy = (Attributes as { readonly Policy?: string } | undefined)?.Policy ?? '{}';
  const context = contextOf({ 'aws:SourceArn': sourceArn, 'aws:SourceAccount': aws.account });
  const speaking = statementsOf(policy).filter(one => namesPrincipal(one, 'Service', [principal]));
  const request = { action: 'sqs:SendMessage', resource: queueArn, context };
  if (effect(speaking, request) === 'Allow') return;
  const why = `User: ${principal} is not authorized to perform: sqs:SendMessage on resource: ${queueArn} because no resource-based policy allows the sqs:SendMessage action`;
  throw new ServiceError('AccessDenied', 403, why);
}
