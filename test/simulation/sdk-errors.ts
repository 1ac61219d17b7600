// What an SDK client throws for what a service answers: its exception classes, and its names for broken connections.
import * as apigateway from '@aws-sdk/client-api-gateway';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as iam from '@aws-sdk/client-iam';
import * as states from '@aws-sdk/client-sfn';
import { ServiceError } from '../../local/service.ts';
import { namedForService } from '../../local/sigv4.ts';

const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  apigateway,
  dynamodb,
  iam,
  states,
};

type ExceptionClass = new (options: object) => Error;

/** A code without a class of its own keeps its name, as in the SDK. */
export function sdkError(service: string, thrown: unknown): unknown {
  if (!(thrown instanceof ServiceError)) return thrown;
  const { code, status, message, members } = namedForService(service, thrown);
  const $metadata = { httpStatusCode: status, requestId: 'simulated' };
  const found = modules[service]?.[code] ?? modules[service]?.[`${code}Exception`];
  if (typeof found === 'function') return new (found as ExceptionClass)({ message, $metadata, ...members });
  return Object.assign(new Error(message), { name: code, $metadata });
}

/** As measured with the SDK: a reset is a TimeoutError without a status, a body that cannot be read a SyntaxError with one. */
export const brokenConnection = () =>
  Object.assign(new Error('read ECONNRESET'), { name: 'TimeoutError', code: 'ECONNRESET' });
export const noAnswer = () => Object.assign(new Error('No answer within 30000 ms'), { name: 'TimeoutError' });
export const unreadable = (status: number) =>
  Object.assign(new SyntaxError('Unexpected end of JSON input'), { $metadata: { httpStatusCode: status } });
