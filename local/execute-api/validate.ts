// Request validation: required parameters, and the body against the method's model (JSON Schema draft 4).
import { Ajv, type ValidateFunction } from 'ajv';
import type { ModelDocument } from '../apigateway/model.ts';
import { GatewayError } from './gateway-response.ts';
import { header, last, mediaTypeOf, type RouteRequest } from './request.ts';
import { modernSchema } from './schema.ts';
import { problemsOf } from './schema-problems.ts';

/** @throws GatewayError BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY. */
export function validateRequest(request: RouteRequest): void {
  const { snapshot, method } = request;
  const validator = snapshot.requestValidators.find(({ id }) => id === method.requestValidatorId);
  if (validator?.validateRequestParameters) checkParameters(request);
  if (validator?.validateRequestBody) checkBody(request);
}

/** Headers come first, then the path, then the query (recorded on AWS): the order of their expressions. */
function checkParameters(request: RouteRequest): void {
  const required = Object.entries(request.method.requestParameters ?? {}).filter(([, needed]) => needed);
  const missing = required
    .map(([expression]) => expression)
    .sort()
    .flatMap(expression => {
      const [, kind = '', name = ''] = /^method\.request\.([a-z]+)\.(.+)$/.exec(expression) ?? [];
      return givenValue(request, kind, name) ? [] : [name];
    });
  if (missing.length === 0) return;
  const message = `Missing required request parameters: [${missing.join(', ')}]`;
  request.log(`Execution failed: ${message}`);
  throw new GatewayError('BAD_REQUEST_PARAMETERS', message);
}

function givenValue({ pathParameters, query, headers }: RouteRequest, kind: string, name: string) {
  if (kind === 'path') return Object.hasOwn(pathParameters, name) ? pathParameters[name] : undefined;
  return kind.endsWith('querystring') ? last(query[name]) : header(headers, name);
}

function checkBody(request: RouteRequest): void {
  const models = request.method.requestModels ?? {};
  const mediaType = mediaTypeOf(request.headers);
  const named = Object.entries(models).find(([type]) => type.toLowerCase() === mediaType);
  // A media type without a model is not validated, unless there is one for all others.
  const name = named?.[1] ?? models.$default;
  const validate = name === undefined ? undefined : validatorOf(request.snapshot.models, name);
  if (!validate) return;
  let body: unknown;
  try {
    // A request without a body is an empty object (recorded on AWS).
    body = JSON.parse(Buffer.from(request.body).toString() || '{}');
  } catch {
    throw refusal(request, mediaType, ['Unable to parse the request body as JSON']);
  }
  if (!validate(body)) throw refusal(request, mediaType, problemsOf(validate.errors ?? []));
}

function refusal({ log }: RouteRequest, mediaType: string, problems: readonly string[]): GatewayError {
  const validationError = `[${problems.join(', ')}]`;
  log(`Request body does not match model schema for content type ${mediaType}: ${validationError}`);
  return new GatewayError('BAD_REQUEST_BODY', 'Invalid request body', { validationError });
}

/** Models of a deployment never change. */
const compiled = new WeakMap<readonly ModelDocument[], Map<string, ValidateFunction>>();

function validatorOf(models: readonly ModelDocument[], name: string): ValidateFunction | undefined {
  const known = compiled.get(models) ?? new Map<string, ValidateFunction>();
  compiled.set(models, known);
  let validate = known.get(name);
  if (!validate) {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      verbose: true,
      validateFormats: false,
      logger: false,
    });
    for (const model of models) {
      ajv.addSchema(modernSchema(JSON.parse(model.schema || '{}')), `model:${model.name}`);
    }
    validate = ajv.getSchema(`model:${name}`);
    if (validate) known.set(name, validate);
  }
  return validate;
}
