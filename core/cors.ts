// Cross-origin access to a route: the headers on every answer, errors too, and the OPTIONS method browsers ask first.
import type { MethodDefinition } from './method-definition.ts';

const allowOrigin = 'method.response.header.Access-Control-Allow-Origin';

/** One origin is a constant; of several, the one that asks is named back, by the response template. */
function originTemplate(origins: readonly string[]): string {
  if (origins.length < 2) return '';
  const isOne = origins.map(origin => `$origin == "${origin.replaceAll('"', '')}"`).join(' || ');
  return `#set($origin = $input.params("Origin"))#if(${isOne})#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end`;
}

const headersFor = (origins: readonly string[]) => ({ [allowOrigin]: `'${origins[0] ?? '*'}'` });

export function withCors(definition: MethodDefinition, origins: readonly string[]): MethodDefinition {
  const template = originTemplate(origins);
  return {
    ...definition,
    methodResponses: definition.methodResponses.map(response => ({
      ...response,
      responseParameters: { ...response.responseParameters, [allowOrigin]: false },
    })),
    integrationResponses: definition.integrationResponses.map(response => ({
      ...response,
      responseParameters: { ...response.responseParameters, ...headersFor(origins) },
      // Only where there is a template already: an added one would rewrite a body that passes through.
      responseTemplates: Object.fromEntries(
        Object.entries(response.responseTemplates).map(([type, body]) => [type, template + body]),
      ),
    })),
  };
}

export function preflight(origins: readonly string[], httpMethod: string): MethodDefinition {
  const headers = {
    ...headersFor(origins),
    'method.response.header.Access-Control-Allow-Methods': `'${httpMethod},OPTIONS'`,
    'method.response.header.Access-Control-Allow-Headers':
      "'Content-Type,Authorization,X-Amz-Date,X-Amz-Security-Token,X-Api-Key'",
    'method.response.header.Access-Control-Max-Age': "'600'",
    'method.response.header.Vary': "'Origin'",
  };
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
