// What the input's JSON Schema found wrong, in words a person can act on.
import type { ErrorObject } from 'ajv';
import type { Problem } from './errors.ts';
import { inputSchema, routeFields } from './input-schema.ts';
import { nearest } from './nearest.ts';

const fieldNames = Object.keys(inputSchema.properties);
const variants: Readonly<Record<string, string>> = {
  api: 'must be {"name":…} or {"id":…}',
  authorization:
    'must be {"type":"AWS_IAM"|"API_KEY"|"NONE"}, {"type":"COGNITO_USER_POOLS","arn":…} or {"type":"CUSTOM","authorizerId":…}',
  test: 'must be {"parameters":{…},"expectStatus":200} or {"skip":"why"}',
  parameters: 'must be {"from":"query"|"path"|"header"|"body","name":…} or {"value":…}',
};

function jsonPath(pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.reduce((path, part) => {
    if (/^\d+$/.test(part)) return `${path}[${part}]`;
    return /^[A-Za-z_]\w*$/.test(part) ? `${path}.${part}` : `${path}[${JSON.stringify(part)}]`;
  }, '$');
}

export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

/** Undefined for what another error of the same place says better. */
export function problemOf(error: ErrorObject): Problem | undefined {
  const path = jsonPath(error.instancePath);
  // A oneOf reports every branch besides itself; one sentence about the variants says it better.
  if (error.schemaPath.includes('/oneOf/')) return undefined;
  switch (error.keyword) {
    case 'oneOf': {
      const field = Object.keys(variants).find(name => error.instancePath.includes(`/${name}`));
      return { path, message: field ? (variants[field] ?? '') : 'matches none of the accepted forms' };
    }
    case 'additionalProperties': {
      const unknown = String(error.params.additionalProperty);
      const [guess] = nearest(unknown, error.instancePath === '' ? fieldNames : Object.keys(routeFields));
      return {
        path: jsonPath(`${error.instancePath}/${unknown}`),
        message: `unknown field${guess ? `; did you mean ${guess}?` : ''}`,
      };
    }
    case 'required':
      return {
        path: jsonPath(`${error.instancePath}/${error.params.missingProperty}`),
        message: 'is required',
      };
    case 'enum':
      return { path, message: `${shown(error.data)} is none of ${error.params.allowedValues.join(', ')}` };
    case 'type':
      return { path, message: `must be ${error.params.type}, not ${shown(error.data)}` };
    case 'propertyNames':
      return { path, message: `tag key ${shown(error.params.propertyName)} is not accepted` };
    case 'pattern':
      return { path, message: `${shown(error.data)} does not match ${error.params.pattern}` };
    default:
      return { path, message: error.message ?? error.keyword };
  }
}
