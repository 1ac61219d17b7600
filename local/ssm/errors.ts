// The errors the parameter store answers with, in its own words.
import { ServiceError } from '../service.ts';

const error = (code: string, message = '') => new ServiceError(code, 400, message);

export const validation = (message: string) => error('ValidationException', message);
export const violated = (member: string, value: unknown, constraint: string) =>
  validation(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
export const parameterMissing = (name: string) => error('ParameterNotFound', `Parameter ${name} not found.`);
export const versionMissing = (name: string, version: string) =>
  error(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  );
export const parameterExists = () =>
  error(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );
export const patternMismatch = (name: string, pattern: string) =>
  error(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern} (${name})`,
  );
export const notImplemented = (what: string) =>
  new ServiceError('NotImplemented', 501, `NotImplemented: ${what} is not part of the embedded AWS`);
