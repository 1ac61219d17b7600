// Reading a document of which nothing is known yet.
import type { Json, JsonObject } from '../../../core/openapi.ts';

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const objects = (value: unknown): JsonObject => (isObject(value) ? value : {});
export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

/** The methods of a path item, with API Gateway's own for any method. */
export const operationNames: Readonly<Record<string, string>> = {
  get: 'GET',
  put: 'PUT',
  post: 'POST',
  delete: 'DELETE',
  patch: 'PATCH',
  options: 'OPTIONS',
  head: 'HEAD',
  'x-amazon-apigateway-any-method': 'ANY',
};
