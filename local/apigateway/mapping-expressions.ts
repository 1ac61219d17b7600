// Parameter mapping expressions such as `method.request.path.id`: which ones AWS takes, and where.
import { badRequest } from './errors.ts';

const locations = '(?:path|querystring|multivaluequerystring|header|multivalueheader)';
const methodRequestParameter = new RegExp(`^method\\.request\\.${locations}\\.[^\\s]+$`);
const integrationRequestParameter = new RegExp(`^integration\\.request\\.${locations}\\.[^\\s]+$`);
const methodResponseHeader = /^method\.response\.(?:header|multivalueheader)\.[^\s]+$/;
const anywhere = /^(?:'[^']*'|context\.[^\s]+|stageVariables\.\w+)$/;
const requestBody = /^method\.request\.body(?:[.[].*)?$/;
const integrationResponseSource =
  /^integration\.response\.(?:body(?:[.[].*)?|(?:header|multivalueheader)\.[^\s]+)$/;

type Names = Readonly<Record<string, unknown>> | undefined;

function throwErrors(errors: readonly string[], prefix = 'Invalid mapping expression specified: '): void {
  if (errors.length === 0) return;
  throw badRequest(`${prefix}Validation Result: warnings : [], errors : [${errors.join(', ')}]`);
}

/** AWS tells text that is no expression at all from one that names something unknown. */
const notAnExpression = (text: string) =>
  /^(?:method|integration)\./.test(text)
    ? unknownParameter(text)
    : `Invalid mapping expression specified: ${text}`;
const unknownParameter = (expression: string) =>
  `Invalid mapping expression parameter specified: ${expression}`;

/** The parameters a method declares. */
export function checkRequestParameters(parameters: Names): void {
  const keys = Object.keys(parameters ?? {});
  throwErrors(keys.filter(key => !methodRequestParameter.test(key)).map(notAnExpression));
  const names = keys.map(key => key.split('.').slice(3).join('.'));
  if (new Set(names).size < names.length) {
    throw badRequest('Parameter names must be unique across querystring, header and path');
  }
}

/** The headers a method response declares. */
export function checkResponseParameters(parameters: Names): void {
  const keys = Object.keys(parameters ?? {});
  throwErrors(keys.filter(key => !methodResponseHeader.test(key)).map(notAnExpression));
}

// A parameter declared once may be read with one value or with all of them.
const singleValued = (expression: string) =>
  expression.replace('.multivaluequerystring.', '.querystring.').replace('.multivalueheader.', '.header.');

const declares = (declared: Names, expression: string) =>
  Object.keys(declared ?? {}).some(key => singleValued(key) === singleValued(expression));

/** What an integration sends: values must come from parameters the method declares. */
export function checkIntegrationParameters(
  parameters: Readonly<Record<string, string>> | undefined,
  declared: Names,
): void {
  throwErrors(
    Object.entries(parameters ?? {}).flatMap(([key, value]) => {
      if (!integrationRequestParameter.test(key)) return [notAnExpression(key)];
      if (anywhere.test(value) || requestBody.test(value)) return [];
      if (!methodRequestParameter.test(value)) return [notAnExpression(value)];
      return declares(declared, value) ? [] : [unknownParameter(value)];
    }),
  );
}

/** What a method response is given: only headers it declares. */
export function checkIntegrationResponseParameters(
  parameters: Readonly<Record<string, string>> | undefined,
  declared: Names,
): void {
  throwErrors(
    Object.entries(parameters ?? {}).flatMap(([key, value]) => {
      if (!methodResponseHeader.test(key)) return [notAnExpression(key)];
      if (!declares(declared, key)) return [unknownParameter(key)];
      return anywhere.test(value) || integrationResponseSource.test(value) ? [] : [notAnExpression(value)];
    }),
  );
}

/**
 * The keys of mapping templates and of models; `$default` stands for every type that is not named.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export function checkContentTypes(map: Names): void {
  const wrong = Object.keys(map ?? {}).filter(
    type => type !== '$default' && !/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(?:\s*;.*)?$/.test(type),
  );
  throwErrors(
    wrong.map(type => `Invalid content type specified: ${type}`),
    '',
  );
}
