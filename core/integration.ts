// The integration of a route: operation + parameters → URI, headers, mapping template, model, responses.
import { backendOf } from './backend.ts';
import type { BoundMember, Route } from './binding.ts';
import type { Problem } from './errors.ts';
import type { MethodDefinition } from './method-definition.ts';
import type { Operation, Target } from './operation.ts';
import { bindParameters } from './parameters.ts';
import { requestModel } from './request-model.ts';
import { responsesOf } from './responses.ts';

export type { MethodDefinition, Target };

export interface DerivedMethod {
  readonly definition: MethodDefinition;
  readonly members: readonly BoundMember[];
}

function methodParameters(members: readonly BoundMember[]): Record<string, boolean> {
  const locations = { query: 'querystring', header: 'header', path: 'path' } as const;
  const parameters: Record<string, boolean> = {};
  for (const { source, required } of members) {
    if (!('name' in source) || source.from === 'body') continue;
    parameters[`method.request.${locations[source.from]}.${source.name}`] =
      required || source.from === 'path';
  }
  return parameters;
}

/**
 * Derives everything below a method from the service model. What does not fit is added to `problems`
 * with its place in the input; the result is then not to be used.
 */
export function deriveMethod(
  operation: Operation,
  route: Route & { readonly resources: readonly string[] },
  target: Target,
  at: string,
  problems: Problem[],
): DerivedMethod {
  const members = bindParameters(operation, route, target, at, problems);
  const backend = backendOf(operation, members, target);
  if (backend.lacks !== undefined) {
    problems.push({
      path: `${at}.parameters.${backend.lacks}`,
      message:
        'fix it with {"value":"NAME"}, or name the one function in resources: API Gateway needs its ARN',
    });
  }
  const model = requestModel(operation, members);
  const requestParameters = methodParameters(members);
  const hasTemplate = backend.template !== undefined;
  return {
    members,
    definition: {
      requestParameters,
      validate: { body: model !== undefined, parameters: Object.values(requestParameters).includes(true) },
      ...(model && { requestModel: model }),
      integration: {
        type: 'AWS',
        httpMethod: backend.httpMethod,
        uri: `arn:${target.partition}:apigateway:${target.region}:${operation.endpointPrefix}:${backend.service}`,
        requestParameters: backend.requestParameters,
        requestTemplates: hasTemplate ? { 'application/json': backend.template ?? '' } : {},
        passthroughBehavior: hasTemplate ? 'NEVER' : 'WHEN_NO_MATCH',
        // An API with binary media types hands every body over as bytes, which a template can only read as base64.
        ...(hasTemplate && { contentHandling: 'CONVERT_TO_TEXT' }),
      },
      ...responsesOf(operation, members, route.errors ?? 'mapped'),
      binaryMediaTypes: backend.isBinary ? ['*/*'] : [],
    },
  };
}
