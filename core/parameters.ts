// Where each input member of an operation comes from: as asked for, or by sensible default.
import {
  type BoundMember,
  fillsToken,
  hasBody,
  isPlain,
  isQuery,
  isRest,
  isUnmappable,
  isWholeBody,
  jsonName,
  type Route,
  type Source,
} from './binding.ts';
import type { Problem } from './errors.ts';
import type { Parameter } from './input.ts';
import { nearest } from './nearest.ts';
import type { Member, Operation, Target } from './operation.ts';
import { parameterProblem } from './parameter-problems.ts';
import { pathVariables } from './path.ts';
import { fixedByResource } from './resource-members.ts';

export type { BoundMember, Route };

/** What these look for is said in conditions that are no plain values, required or not. */
const asksByBody = /^(?:Query|Scan|Search)(?=[A-Z]|$)/;

/** GET where the operation only reads and a URL can carry what it needs, else its own method or POST. */
export function defaultHttpMethod(
  operation: Operation,
): 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' {
  const { method } = operation.http;
  const needed = (operation.input?.required ?? []).flatMap(name => operation.input?.members?.[name] ?? []);
  if (isRest(operation)) {
    const own = (['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const).find(one => one === method);
    // Some operations take a body with DELETE or GET, which a route's request cannot be relied on to have.
    const fits = own && (hasBody(own) || needed.every(({ location }) => location !== undefined));
    return fits ? own : 'POST';
  }
  const fitsUrl = needed.every(member => isPlain(operation.shapes[member.shape]));
  return operation.readOnly && fitsUrl && !asksByBody.test(operation.action) ? 'GET' : 'POST';
}

/** Left to whoever makes the route: options such as x-amz-acl change what the service does, not what it is given. */
const isOption = ({ location, locationName }: Member): boolean =>
  location === 'header' && /^x-amz/i.test(locationName ?? '');

function defaultSource(operation: Operation, name: string, member: Member, route: Route): Source | undefined {
  const variable = pathVariables(route.path).find(one => one.toLowerCase() === name.toLowerCase());
  if (variable !== undefined && !isWholeBody(operation, name, member))
    return { from: 'path', name: variable };
  const isRequired = operation.input?.required?.includes(name) ?? false;
  // Asynchronous calls and dry runs answer 2xx without the function's answer: not for a caller to choose.
  if (operation.service === 'lambda' && name === 'InvocationType') return { value: 'RequestResponse' };
  const isToken = fillsToken(operation, member);
  if (isUnmappable(member) || (isOption(member) && !isRequired && !isToken)) return undefined;
  if (isWholeBody(operation, name, member)) return { from: 'payload' };
  if (member.location !== undefined && fillsToken(operation, member)) return { context: 'requestId' };
  if (member.location === 'header') return { from: 'header', name: member.locationName ?? name };
  if (member.location === 'querystring') return { from: 'query', name: member.locationName ?? name };
  if (member.location === 'uri') return { from: 'query', name };
  const own = jsonName(operation, name, member);
  return hasBody(route.httpMethod) ? { from: 'body', name: own } : { from: 'query', name: own };
}

/** AWS's walkthrough: an operation of the query protocol that needs nothing is called by its name alone. */
const takesNothing = (operation: Operation, route: Route): boolean =>
  isQuery(operation) && route.httpMethod === 'GET' && (operation.input?.required ?? []).length === 0;

type Members = Readonly<Record<string, Member>>;

/** The input's members, and those of sets of headers or parameters that the route names: `Metadata.author`. */
function membersOf({ input, shapes }: Operation, { parameters }: Route): Members {
  const members: Record<string, Member> = { ...input?.members };
  for (const name of Object.keys(parameters)) {
    const [, set = '', key = ''] = /^(\w+)\.(.+)$/.exec(name) ?? [];
    const { shape = '', location, locationName = '' } = members[set] ?? {};
    const value = shapes[shape]?.type === 'map' ? shapes[shape]?.value : undefined;
    if (value === undefined) continue;
    if (location === 'headers') {
      members[name] = { shape: value, location: 'header', locationName: `${locationName}${key}` };
    } else if (location === 'querystring') {
      members[name] = { shape: value, location, locationName: key };
    }
  }
  return members;
}

function givenParameters(
  operation: Operation,
  members: Members,
  route: Route,
  at: string,
  problems: Problem[],
): ReadonlyMap<string, Parameter> {
  const names = Object.keys(members);
  const given = new Map<string, Parameter>();
  for (const [name, parameter] of Object.entries(route.parameters)) {
    const member = names.find(one => one.toLowerCase() === name.toLowerCase());
    if (member !== undefined) {
      given.set(member, parameter);
      continue;
    }
    const [guess] = nearest(name, names);
    problems.push({
      path: `${at}.parameters.${name}`,
      message: `${operation.service} ${operation.action} has no input member of that name${guess ? `; did you mean ${guess}?` : ''}`,
    });
  }
  return given;
}

function sourceOf(
  operation: Operation,
  name: string,
  member: Member,
  route: Route,
  parameter: Parameter | undefined,
): Source | undefined {
  const byDefault = defaultSource(operation, name, member, route);
  const isFromPath = byDefault && 'from' in byDefault && byDefault.from === 'path';
  if (!parameter) return takesNothing(operation, route) && !isFromPath ? undefined : byDefault;
  if ('value' in parameter) return parameter;
  if (byDefault && 'from' in byDefault && byDefault.from === 'payload' && parameter.from === 'body')
    return byDefault;
  const ownName = member.location === undefined ? name : (member.locationName ?? name);
  const sameName =
    byDefault && 'name' in byDefault && byDefault.from === parameter.from ? byDefault.name : ownName;
  return { from: parameter.from, name: parameter.name ?? sameName };
}

const isFromBody = (parameter: Parameter) => 'from' in parameter && parameter.from === 'body';

/**
 * Every member the integration sends, with its source. What the caller asked for and cannot be is added to
 * `problems`; an optional member that does not fit is left out.
 */
export function bindParameters(
  operation: Operation,
  route: Route,
  target: Target,
  at: string,
  problems: Problem[],
): BoundMember[] {
  const members = membersOf(operation, route);
  const given = givenParameters(operation, members, route, at, problems);
  const fixed = fixedByResource(operation, route.resources ?? [], target);
  const bound: BoundMember[] = [];
  for (const [member, definition] of Object.entries(members)) {
    const parameter = given.get(member);
    const isNeeded = operation.input?.required?.includes(member) ?? false;
    const required =
      isNeeded && !(fillsToken(operation, definition) && (!parameter || isFromBody(parameter)));
    let source = sourceOf(operation, member, definition, route, parameter);
    const value = fixed.get(member);
    const isFromPath = source && 'from' in source && source.from === 'path';
    if (!parameter && value !== undefined && !isFromPath) source = { value };
    if (!source) continue;
    const one = { member, definition, required, source };
    const message = parameterProblem(operation, one, route);
    if (message === undefined) bound.push(one);
    else if (required || parameter) problems.push({ path: `${at}.parameters.${member}`, message });
  }
  problems.push(...nameProblems(operation, bound, route, at));
  return bound;
}

function nameProblems(
  operation: Operation,
  bound: readonly BoundMember[],
  route: Route,
  at: string,
): Problem[] {
  const problems: Problem[] = [];
  for (const variable of pathVariables(route.path)) {
    if (!bound.some(({ source }) => 'from' in source && source.from === 'path' && source.name === variable)) {
      problems.push({
        path: `${at}.path`,
        message: `variable {${variable}} is no input member of ${operation.service} ${operation.action}`,
      });
    }
  }
  const seen = new Map<string, string>();
  for (const { member, source } of bound) {
    if (!('name' in source)) continue;
    // API Gateway wants the names of parameters unique across path, query and headers; a body member's is its own.
    const place = source.from === 'body' ? 'body' : 'parameter';
    const other = seen.get(`${place} ${source.name}`);
    if (other !== undefined) {
      problems.push({
        path: `${at}.parameters.${member}`,
        message: `has the same name, ${source.name}, as ${other}: give one of them another`,
      });
    }
    seen.set(`${place} ${source.name}`, member);
  }
  return problems;
}
