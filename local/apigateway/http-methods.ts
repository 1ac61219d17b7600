// The HTTP methods API Gateway knows.
import { badRequest } from './errors.ts';

const httpMethods = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];

export function parseHttpMethod(text: string | undefined): string {
  if (!text) throw badRequest('Enumeration value for HttpMethod must be non-empty');
  const httpMethod = text.toUpperCase();
  if (httpMethods.includes(httpMethod)) return httpMethod;
  throw badRequest(`Invalid HttpMethod specified. Valid options are ${httpMethods.join(',')}`);
}
