// Cross-origin access to a route: the headers on every answer, errors too, and the OPTIONS method browsers ask first.
import type { MethodDefinition } from './method-definition.ts';

const allowOrigin = 'Access-Control-Allow-Origin';

/**
 * The same for every route: a path may get further methods later. Of several origins none can be named: what passes
 * through has no template, and a mapping cannot read the request. The preflight names back only those that are allowed.
 */
export const corsHeaders = (origins: readonly string[]) => ({
  [allowOrigin]: `'${origins.length === 1 ? origins[0] : '*'}'`,
  'Access-Control-Allow-Methods': "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'",
  'Access-Control-Allow-Headers': "'Content-Type,Authorization,X-Amz-Date,X-Amz-Security-Token,X-Api-Key'",
});

export function withCors(definition: MethodDefinition, origins: readonly string[]): MethodDefinition {
  const name = `method.response.header.${allowOrigin}`;
  const value = corsHeaders(origins)[allowOrigin];
  return {
    ...definition,
    methodResponses: definition.methodResponses.map(response => ({
      ...response,
      responseParameters: { ...response.responseParameters, [name]: false },
    })),
    integrationResponses: definition.integrationResponses.map(response => ({
      ...response,
      responseParameters: { ...response.responseParameters, [name]: value },
    })),
  };
}

/** Of several origins, the one that asks is named back. */
function originTemplate(origins: readonly string[]): string {
  if (origins.length < 2) return '';
  const isOne = origins.map(origin => `$origin == "${origin}"`).join(' || ');
  return `#set($origin = $input.params("Origin"))#if(${isOne})#set($context.responseOverride.header.${allowOrigin} = $origin)#end`;
}

/** What the plan and the ledger call a preflight, which calls no service. */
export const preflightOperation = { service: 'apigateway', action: 'Preflight' } as const;

export function preflight(origins: readonly string[]): MethodDefinition {
  const named = { ...corsHeaders(origins.slice(0, 1)), 'Access-Control-Max-Age': "'600'", Vary: "'Origin'" };
  const headers = Object.fromEntries(
    Object.entries(named).map(([name, value]) => [`method.response.header.${name}`, value]),
  );
  return {
    requestParameters: {},
    validate: { body: false, parameters: false },
    methodResponses: [
      {
        statusCode: '204',
        responseParameters: Object.fromEntries(Object.keys(headers).map(name => [name, false])),
        responseModels: {},
      },
    ],
    integration: {
      type: 'MOCK',
      requestParameters: {},
      requestTemplates: { 'application/json': '{"statusCode": 204}' },
      passthroughBehavior: 'WHEN_NO_MATCH',
      contentHandling: 'CONVERT_TO_TEXT',
    },
    integrationResponses: [
      {
        statusCode: '204',
        responseParameters: headers,
        responseTemplates: { 'application/json': originTemplate(origins) },
      },
    ],
    binaryMediaTypes: [],
  };
}
