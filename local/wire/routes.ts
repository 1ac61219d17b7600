// Which operation a method and path name, for the rest protocols: derived from the operations' http traits.
import type { NormalizedSchema } from '@smithy/core/schema';
import { membersOf } from './shapes.ts';

interface Routed {
  readonly name: string;
  readonly input: NormalizedSchema;
}

type Segment = { readonly literal: string } | { readonly label: string; readonly greedy: boolean };

export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Query parameters of the URI template itself; a null value stands for any. */
  readonly query: readonly (readonly [name: string, value: string | null])[];
  /** Names of query parameters and headers bound to required members. */
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

export interface RouteMatch {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the URI template's own query parameters. */
  readonly query: readonly string[];
}

export function routeOf(operation: Routed, method: string, uri: string): Route {
  const [path = '', query = ''] = uri.split('?');
  const segments = path.split('/').filter(Boolean).map(segmentOf);
  // The S3 client's templates leave the bucket to its endpoint rules.
  const hasBucketLabel = [...membersOf(operation.input)].some(
    ([name, member]) => name === 'Bucket' && member.getMergedTraits().httpLabel,
  );
  const isLabelled = segments.some(segment => 'label' in segment && segment.label === 'Bucket');
  if (hasBucketLabel && !isLabelled) segments.unshift({ label: 'Bucket', greedy: false });
  return {
    operation: operation.name,
    method,
    segments,
    query: [...new URLSearchParams(query)]
      .filter(([name]) => name !== 'x-id')
      .map(([name, value]) => [name, value === '' ? null : value]),
    ...requiredBindings(operation.input),
  };
}

function segmentOf(text: string): Segment {
  const label = /^\{(.+?)(\+?)\}$/.exec(text);
  return label?.[1] ? { label: label[1], greedy: label[2] === '+' } : { literal: text };
}

/** The generated schemas list required members first and end with their number. */
function requiredBindings(input: NormalizedSchema) {
  const schema = input.getSchema();
  const required = Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
  const traits = [...membersOf(input)].slice(0, required).map(([, member]) => member.getMergedTraits());
  return {
    requiredQuery: traits.flatMap(({ httpQuery }) => (httpQuery ? [httpQuery] : [])),
    requiredHeaders: traits.flatMap(({ httpHeader }) => (httpHeader ? [httpHeader.toLowerCase()] : [])),
  };
}

/** Literal path segments before labels, then the routes that ask for more of the query and headers. */
export function sortRoutes(routes: readonly Route[]): readonly Route[] {
  const path = (route: Route) =>
    route.segments.map(segment => ('literal' in segment ? '0' : segment.greedy ? '2' : '1')).join('');
  const conditions = (route: Route) =>
    route.query.length * 2 + route.requiredQuery.length + route.requiredHeaders.length;
  return [...routes].sort((a, b) => path(a).localeCompare(path(b)) || conditions(b) - conditions(a));
}

export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, string>>,
): RouteMatch | undefined {
  const parts = path.replace(/^\//, '').split('/');
  for (const route of routes) {
    if (route.method !== method) continue;
    const labels = matchSegments(route.segments, parts);
    if (!labels) continue;
    const hasQuery =
      route.query.every(
        ([name, value]) => query.has(name) && (value === null || query.get(name) === value),
      ) && route.requiredQuery.every(name => query.has(name));
    if (hasQuery && route.requiredHeaders.every(name => headers[name] !== undefined)) {
      return { operation: route.operation, labels, query: route.query.map(([name]) => name) };
    }
  }
  return undefined;
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  let index = 0;
  for (const segment of segments) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if ('literal' in segment) {
      if (segment.literal !== part) return undefined;
      index++;
    } else if (segment.greedy) {
      labels[segment.label] = decode(parts.slice(index).join('/'));
      if (labels[segment.label] === '') return undefined;
      index = parts.length;
    } else {
      if (part === '') return undefined;
      labels[segment.label] = decode(part);
      index++;
    }
  }
  const isAtEnd = index === parts.length || (index === parts.length - 1 && parts[index] === '');
  return isAtEnd ? labels : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
