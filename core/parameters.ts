// Where each input member of an operation comes from: as asked for, or by sensible default.
import type { Problem } from './errors.ts';
import type { Parameter } from './input.ts';
import { nearest } from './nearest.ts';
import type { Member, Operation } from './operation.ts';
import { pathVariables } from './path.ts';

export type Source =
  | { readonly from: 'query' | 'path' | 'header' | 'body'; readonly name: string }
  /** The whole request body, for a member that is the operation's payload. */
  | { readonly from: 'payload' }
  | { readonly value: unknown };

export interface BoundMember {
  readonly member: string;
  readonly definition: Member;
  readonly required: boolean;
  readonly source: Source;
}

export interface Route {
  readonly httpMethod: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

const hasBody = (httpMethod: string) =>
  httpMethod === 'POST' || httpMethod === 'PUT' || httpMethod === 'PATCH';

/** GET where the operation only reads, its own method for REST protocols, else POST. */
export function defaultHttpMethod(
  operation: Operation,
): 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' {
  const method = operation.http.method;
  const isRest = operation.protocol === 'rest-json' || operation.protocol === 'rest-xml';
  if (
    isRest &&
    (method === 'GET' || method === 'PUT' || method === 'PATCH' || method === 'DELETE' || method === 'HEAD')
  ) {
    return method;
  }
  return operation.readOnly && !isRest ? 'GET' : 'POST';
}

function defaultSource(operation: Operation, name: string, member: Member, route: Route): Source {
  const variable = pathVariables(route.path).find(one => one.toLowerCase() === name.toLowerCase());
  if (variable !== undefined) return { from: 'path', name: variable };
  if (operation.input?.payload === name) return { from: 'payload' };
  if (member.location === 'header') return { from: 'header', name: member.locationName ?? name };
  if (member.location === 'querystring') return { from: 'query', name: member.locationName ?? name };
  if (member.location === 'uri') return { from: 'query', name };
  return hasBody(route.httpMethod) ? { from: 'body', name } : { from: 'query', name };
}

/** Members an integration cannot take from a caller one by one: they are left out unless they are constants. */
const isPlain = (operation: Operation, member: Member) =>
  !['structure', 'list', 'map'].includes(operation.shapes[member.shape]?.type ?? '');

export function bindParameters(
  operation: Operation,
  route: Route,
  at: string,
  problems: Problem[],
): BoundMember[] {
  const members = operation.input?.members ?? {};
  const required = new Set(operation.input?.required ?? []);
  const given = new Map<string, Parameter>();
  for (const [name, parameter] of Object.entries(route.parameters)) {
    const member = Object.keys(members).find(one => one.toLowerCase() === name.toLowerCase());
    if (member !== undefined) {
      given.set(member, parameter);
      continue;
    }
    const [guess] = nearest(name, Object.keys(members));
    problems.push({
      path: `${at}.parameters.${name}`,
      message: `${operation.service} ${operation.action} has no input member of that name${guess ? `; did you mean ${guess}?` : ''}`,
    });
  }
  const bound: BoundMember[] = [];
  for (const [name, definition] of Object.entries(members)) {
    const parameter = given.get(name);
    const source = sourceOf(operation, name, definition, route, parameter);
    const isRequired = required.has(name);
    const fromCaller = 'from' in source && source.from !== 'body' && source.from !== 'payload';
    // Lists and structures do not fit into a query string or a header.
    if (fromCaller && !isPlain(operation, definition)) {
      if (isRequired || parameter) {
        problems.push({
          path: `${at}.parameters.${name}`,
          message: 'is a list or a structure: take it from the body, or fix it with {"value":…}',
        });
      }
      continue;
    }
    if ('from' in source && source.from === 'body' && !hasBody(route.httpMethod)) {
      problems.push({
        path: `${at}.parameters.${name}`,
        message: `${route.httpMethod} requests have no body to take it from`,
      });
      continue;
    }
    if ('from' in source && source.from === 'path' && !pathVariables(route.path).includes(source.name)) {
      problems.push({
        path: `${at}.parameters.${name}`,
        message: `the path ${route.path} has no variable {${source.name}}`,
      });
      continue;
    }
    bound.push({ member: name, definition, required: isRequired, source });
  }
  for (const variable of pathVariables(route.path)) {
    if (!bound.some(({ source }) => 'from' in source && source.from === 'path' && source.name === variable)) {
      problems.push({
        path: `${at}.path`,
        message: `variable {${variable}} is no input member of ${operation.service} ${operation.action}`,
      });
    }
  }
  return bound;
}

function sourceOf(
  operation: Operation,
  name: string,
  member: Member,
  route: Route,
  parameter: Parameter | undefined,
): Source {
  const byDefault = defaultSource(operation, name, member, route);
  if (!parameter) return byDefault;
  if ('value' in parameter) return parameter;
  const sameName = 'name' in byDefault && byDefault.from === parameter.from ? byDefault.name : name;
  return { from: parameter.from, name: parameter.name ?? sameName };
}
