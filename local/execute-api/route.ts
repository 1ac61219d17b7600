// Which resource and method of an API a request is for.
import type { Method } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot, ResourceDocument } from '../apigateway/model.ts';
import { decoded } from './request.ts';

export interface Match {
  readonly resource: ResourceDocument;
  readonly method: Method;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** A literal beats a variable, a variable beats a greedy one, segment by segment. */
const weight = (segment: string) => (segment.startsWith('{') ? (segment.endsWith('+}') ? 2 : 1) : 0);

const segmentsOf = (path: string) => path.split('/').filter(segment => segment !== '');

/** The path parameters, as sent, if the path is one of the resource's. */
export function matchPath(resourcePath: string, path: string): Record<string, string> | undefined {
  const parts = segmentsOf(resourcePath);
  const parameters: Record<string, string> = {};
  // Slashes on either end do not count; those within stay in what a greedy variable takes.
  let rest = path.replace(/^\/+|\/+$/g, '');
  for (const part of parts) {
    if (rest === '') return undefined;
    if (weight(part) === 2) {
      parameters[part.slice(1, -2)] = rest;
      return parameters;
    }
    const end = rest.indexOf('/') === -1 ? rest.length : rest.indexOf('/');
    const given = rest.slice(0, end);
    if (weight(part) === 1) parameters[part.slice(1, -1)] = given;
    else if (part !== decoded(given)) return undefined;
    rest = rest.slice(end).replace(/^\/+/, '');
  }
  return rest === '' ? parameters : undefined;
}

function comparePaths(one: ResourceDocument, other: ResourceDocument): number {
  const [a, b] = [segmentsOf(one.path), segmentsOf(other.path)];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = weight(a[index] ?? '{+}') - weight(b[index] ?? '{+}');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The best resource that has the method: a request falls through to a variable where a literal has not. */
export function matchRoute(snapshot: ApiSnapshot, httpMethod: string, path: string): Match | undefined {
  for (const resource of [...snapshot.resources].sort(comparePaths)) {
    const method = resource.resourceMethods[httpMethod] ?? resource.resourceMethods.ANY;
    const pathParameters = method && matchPath(resource.path, path);
    if (method && pathParameters) return { resource, method, pathParameters };
  }
  return undefined;
}
