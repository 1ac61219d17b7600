// Request validation: required parameters, and the body against the method's model (JSON Schema draft 4).
import { Ajv, type ValidateFunction } from 'ajv';
import type { ModelDocument } from '../apigateway/model.ts';
import { GatewayError } from './gateway-response.ts';
import { header, type RouteRequest } from './request.ts';

const compiled = new WeakMap<readonly ModelDocument[], Map<string, ValidateFunction>>();

/** Draft 4 as ajv's later drafts write it: exclusive bounds are numbers there, and `id` is `$id`. */
function modernized(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(modernized);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $schema: _, id, exclusiveMinimum, exclusiveMaximum, ...rest } = schema as Record<string, unknown>;
  const out: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, modernized(value)]),
  );
  if (exclusiveMinimum === true) {
    out.exclusiveMinimum = out.minimum;
    delete out.minimum;
  } else if (typeof exclusiveMinimum === 'number') out.exclusiveMinimum = exclusiveMinimum;
  if (exclusiveMaximum === true) {
    out.exclusiveMaximum = out.maximum;
    delete out.maximum;
  } else if (typeof exclusiveMaximum === 'number') out.exclusiveMaximum = exclusiveMaximum;
  // A property may be called id; only a text is the keyword.
  if (id !== undefined && typeof id !== 'string') out.id = modernized(id);
  // One model refers to another by URL: https://apigateway.amazonaws.com/restapis/{id}/models/{name}
  const reference = typeof out.$ref === 'string' ? /\/models\/([^/#]+)$/.exec(out.$ref)?.[1] : undefined;
  if (reference !== undefined) out.$ref = `model:${reference}`;
  return out;
}

function validatorOf(models: readonly ModelDocument[], name: string): ValidateFunction {
  const known = compiled.get(models) ?? new Map<string, ValidateFunction>();
  compiled.set(models, known);
  let validate = known.get(name);
  if (!validate) {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
    for (const model of models) {
      ajv.addSchema(modernized(JSON.parse(model.schema || '{}')) as object, `model:${model.name}`);
    }
    validate = ajv.getSchema(`model:${name}`) ?? ajv.compile({});
    known.set(name, validate);
  }
  return validate;
}

function checkParameters(request: RouteRequest): void {
  const missing: string[] = [];
  for (const [parameter, isRequired] of Object.entries(request.method.requestParameters ?? {})) {
    if (!isRequired) continue;
    const [, , kind, ...rest] = parameter.split('.');
    const name = rest.join('.');
    const value =
      kind === 'path'
        ? request.pathParameters[name]
        : kind === 'querystring'
          ? request.query[name]?.at(-1)
          : header(request.headers, name);
    if (value === undefined || value === '') missing.push(name);
  }
  if (missing.length > 0) {
    throw new GatewayError(
      'BAD_REQUEST_PARAMETERS',
      `Missing required request parameters: [${missing.join(', ')}]`,
    );
  }
}

function checkBody(request: RouteRequest): void {
  const models = request.method.requestModels ?? {};
  const contentType =
    (header(request.headers, 'content-type') ?? 'application/json').split(';')[0]?.trim() ?? '';
  const name = models[contentType] ?? models.$default;
  if (name === undefined || name === 'Empty') return;
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(request.body).toString() || '{}');
  } catch {
    throw new GatewayError('BAD_REQUEST_BODY', 'Invalid request body');
  }
  if (!validatorOf(request.snapshot.models, name)(body))
    throw new GatewayError('BAD_REQUEST_BODY', 'Invalid request body');
}

/** @throws GatewayError BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY. */
export function validateRequest(request: RouteRequest): void {
  const validator = request.snapshot.requestValidators.find(
    ({ id }) => id === request.method.requestValidatorId,
  );
  if (validator?.validateRequestParameters) checkParameters(request);
  if (validator?.validateRequestBody) checkBody(request);
}
