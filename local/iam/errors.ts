// IAM's errors, under the codes they have on the wire.
import { ServiceError } from '../service.ts';

export const noSuchEntity = (message: string) => new ServiceError('NoSuchEntity', 404, message);
export const entityAlreadyExists = (message: string) => new ServiceError('EntityAlreadyExists', 409, message);
export const deleteConflict = (message: string) => new ServiceError('DeleteConflict', 409, message);
export const limitExceeded = (message: string) => new ServiceError('LimitExceeded', 409, message);
export const malformedPolicy = (message: string) => new ServiceError('MalformedPolicyDocument', 400, message);
export const invalidInput = (message: string) => new ServiceError('InvalidInput', 400, message);
export const validationError = (message: string) => new ServiceError('ValidationError', 400, message);
export const accessDenied = (message: string) => new ServiceError('AccessDenied', 403, message);
export const notImplemented = (what: string) =>
  new ServiceError('NotImplemented', 501, `NotImplemented: ${what} is not part of the embedded AWS`);
