// The errors Lambda answers with, in its own words.
import { ServiceError } from '../service.ts';

export const notFound = (message: string) => new ServiceError('ResourceNotFoundException', 404, message);
export const functionNotFound = (arn: string) => notFound(`Function not found: ${arn}`);
export const conflict = (message: string) => new ServiceError('ResourceConflictException', 409, message);
export const invalidParameter = (message: string) =>
  new ServiceError('InvalidParameterValueException', 400, message);
const validationError = (message: string) => new ServiceError('ValidationException', 400, message);
export const notImplemented = (what: string) =>
  new ServiceError('NotImplemented', 501, `NotImplemented: ${what} is not part of the embedded AWS.`);

/** `member` and `constraint` as Lambda writes them: `timeout`, `Member must have value less than or equal to 900`. */
export const violated = (member: string, value: unknown, constraint: string) =>
  validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
