// IAM's errors, with the names it uses on the wire and the sentences it answers.
import { ServiceError } from '../service.ts';

export const noSuchRole = (name: string) =>
  new ServiceError('NoSuchEntity', 404, `The role with name ${name} cannot be found.`);

export const noSuchEntity = (message: string) => new ServiceError('NoSuchEntity', 404, message);

export const alreadyExists = (message: string) => new ServiceError('EntityAlreadyExists', 409, message);

export const deleteConflict = (message: string) => new ServiceError('DeleteConflict', 409, message);

export const malformed = (message: string) => new ServiceError('MalformedPolicyDocument', 400, message);

export const validation = (message: string) => new ServiceError('ValidationError', 400, message);

export const limitExceeded = (message: string) => new ServiceError('LimitExceeded', 409, message);
