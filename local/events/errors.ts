// The errors EventBridge answers with, in its own words.
import { ServiceError } from '../service.ts';

const error = (code: string, message: string) => new ServiceError(code, 400, message);

export const validation = (message: string) => error('ValidationException', message);
export const busMissing = (name: string) =>
  error('ResourceNotFoundException', `Event bus ${name} does not exist.`);
export const busExists = (name: string) =>
  error('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
export const ruleMissing = (name: string, bus: string) =>
  error('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
export const limitExceeded = () =>
  error('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
export const invalidPattern = (reason: string) =>
  error('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
export const notImplemented = (what: string) =>
  new ServiceError('NotImplemented', 501, `NotImplemented: ${what} is not part of the embedded AWS`);

/** `member` and `constraint` as EventBridge writes them. */
export const violated = (member: string, value: unknown, constraint: string) =>
  validation(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
