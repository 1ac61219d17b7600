// The errors of API Gateway's control plane, as it spells them on the wire.
import { ServiceError } from '../service.ts';

export const badRequest = (message: string) => new ServiceError('BadRequestException', 400, message);
export const notFound = (message: string) => new ServiceError('NotFoundException', 404, message);
export const conflict = (message: string) => new ServiceError('ConflictException', 409, message);
export const limitExceeded = (message: string) => new ServiceError('LimitExceededException', 429, message);

/** Raised before the operation runs, by the layer that parses requests. Not in the service's model. */
export const validationError = (message: string) => new ServiceError('ValidationException', 400, message);
