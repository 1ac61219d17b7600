// The errors Step Functions answers API calls with, in its own words.
import { ServiceError } from '../service.ts';

const error = (code: string, message: string) => new ServiceError(code, 400, message);

export const invalidArn = (why: string) => error('InvalidArn', `Invalid Arn: '${why}'`);
export const invalidName = (name: string) => error('InvalidName', `Invalid Name: '${name}'`);
export const invalidToken = () => error('InvalidToken', "Invalid Token: 'Invalid token'");
export const invalidDefinition = (why: string) =>
  error('InvalidDefinition', `Invalid State Machine Definition: '${why}'`);
export const invalidInput = (why: string) =>
  error('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
export const machineExists = (arn: string) =>
  error('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
export const machineMissing = (arn: string) =>
  error('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
export const typeNotSupported = () =>
  error('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
export const executionExists = (arn: string) =>
  error('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
export const executionMissing = (arn: string) =>
  error('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
export const notRedrivable = (why: string) =>
  error('ExecutionNotRedrivable', `Execution Not Redrivable: '${why}'`);
export const resourceMissing = (arn: string) => error('ResourceNotFound', `Resource not found: '${arn}'`);
export const missingParameter = (why: string) => error('MissingRequiredParameter', why);
export const validation = (problem: string) =>
  error('ValidationException', `1 validation error detected: ${problem}`);
export const roleNotAssumable = () =>
  error(
    'AccessDeniedException',
    'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
  );
/** For what this engine leaves out of an operation it has. */
export const notImplemented = (what: string) =>
  new ServiceError('NotImplemented', 501, `${what} is not implemented`);

export function checkMember(name: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw validation(
    `Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
  );
}

export function checkPresent(name: string, value: unknown): void {
  if (value !== undefined && value !== null) return;
  throw validation(`Value null at '${name}' failed to satisfy constraint: Member must not be null`);
}
