// Which resource and method of an API a request is for.
import type { Method } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot, ResourceDocument } from '../apigateway/model.ts';

export interface Match {
  readonly resource: ResourceDocument;
  readonly method: Method;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** A literal beats a variable, a variable beats a greedy one, segment by segment. */
const weight = (segment: string) => (segment.startsWith('{') ? (segment.endsWith('+}') ? 2 : 1) : 0);

const segmentsOf = (path: string) => path.split('/').filter(segment => segment !== '');

function matchPath(
  resource: ResourceDocument,
  segments: readonly string[],
): Record<string, string> | undefined {
  const parts = segmentsOf(resource.path);
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const given = segments[index];
    if (given === undefined) return undefined;
    if (weight(part) === 2) {
      parameters[part.slice(1, -2)] = segments.slice(index).map(decodeSegment).join('/');
      return parameters;
    }
    if (weight(part) === 1) parameters[part.slice(1, -1)] = decodeSegment(given);
    else if (part !== decodeSegment(given)) return undefined;
  }
  return parts.length === segments.length ? parameters : undefined;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

export function matchRoute(snapshot: ApiSnapshot, httpMethod: string, path: string): Match | undefined {
  const segments = segmentsOf(path);
  const ranked = [...snapshot.resources].sort((one, other) => {
    const [a, b] = [segmentsOf(one.path), segmentsOf(other.path)];
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const difference = weight(a[index] ?? '{+}') - weight(b[index] ?? '{+}');
      if (difference !== 0) return difference;
    }
    return 0;
  });
  for (const resource of ranked) {
    const pathParameters = matchPath(resource, segments);
    const method = pathParameters && (resource.resourceMethods[httpMethod] ?? resource.resourceMethods.ANY);
    if (method) return { resource, method, pathParameters };
  }
  return undefined;
}
