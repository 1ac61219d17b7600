// What the input's JSON Schema found wrong, in words a person can act on.
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { Problem } from './errors.ts';
import { inputSchema, routeFields } from './input-schema.ts';
import { nearest } from './nearest.ts';

const fieldNames = Object.keys(inputSchema.properties);
const variants: Readonly<Record<string, string>> = {
  api: 'must be {"name":…} or {"id":…}',
  authorization:
    'must be {"type":"AWS_IAM"|"API_KEY"|"NONE"}, {"type":"COGNITO_USER_POOLS","arn":…} or {"type":"CUSTOM","authorizerId":…}',
  test: 'must be {"parameters":{…},"expectStatus":200} or {"skip":"why"}',
  parameters: 'must be {"from":"query"|"path"|"header"|"body","name":…} or {"value":…}',
};

/** The parts of a pointer as the validator gives it: a URI fragment. */
const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map(part => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));

const jsonPath = (parts: readonly string[]): string =>
  parts.reduce((path, part) => {
    if (/^\d+$/.test(part)) return `${path}[${part}]`;
    return /^[A-Za-z_]\w*$/.test(part) ? `${path}.${part}` : `${path}[${JSON.stringify(part)}]`;
  }, '$');

const at = (whole: unknown, parts: readonly string[]): unknown =>
  parts.reduce((value, part) => (value as Readonly<Record<string, unknown>> | undefined)?.[part], whole);

export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

/** By keyword, from what the schema says of it and the value that it found. */
const messages: Readonly<Record<string, (limit: unknown, value: unknown) => string>> = {
  enum: (allowed, value) => `${shown(value)} is none of ${(allowed as readonly unknown[]).join(', ')}`,
  const: (wanted, value) => `must be ${shown(wanted)}, not ${shown(value)}`,
  type: (type, value) => `must be ${type}, not ${shown(value)}`,
  pattern: (pattern, value) => `${shown(value)} does not match ${pattern}`,
  minLength: least => `must have ${least} or more characters`,
  maxLength: most => `must have ${most} characters at most`,
  minimum: least => `must be ${least} or more`,
  maximum: most => `must be ${most} at most`,
  minItems: least => `must have ${least} or more items`,
  maxItems: most => `must have ${most} items at most`,
  uniqueItems: () => 'must not name the same thing twice',
  minProperties: least => `must have ${least} or more members`,
  maxProperties: most => `must have ${most} members at most`,
};

/** Undefined for what another unit of the same place says better. */
function problemOf({ keyword, keywordLocation, instanceLocation, error }: OutputUnit, input: unknown) {
  const place = partsOf(instanceLocation);
  const path = jsonPath(place);
  // The library names the member that it means in quotes.
  const named = /"(.*)"/s.exec(error)?.[1] ?? '';
  switch (keyword) {
    case 'oneOf': {
      const field = Object.keys(variants).find(name => place.includes(name));
      return { path, message: field ? (variants[field] ?? '') : 'matches none of the accepted forms' };
    }
    case 'false': {
      const [guess] = nearest(place.at(-1) ?? '', place.length === 1 ? fieldNames : Object.keys(routeFields));
      return { path, message: `unknown field${guess ? `; did you mean ${guess}?` : ''}` };
    }
    case 'pattern':
      // It is like a password: no message spells it out.
      if (place.at(-1) === 'externalId') return { path, message: 'has characters that STS does not accept' };
      break;
    case 'required':
      return { path: jsonPath([...place, named]), message: 'is required' };
    case 'propertyNames':
      return { path, message: `tag key ${shown(named)} is not accepted` };
  }
  const keywordPlace = partsOf(keywordLocation);
  const { title } = at(inputSchema, keywordPlace.slice(0, -1)) as { readonly title?: string };
  if (keyword === 'pattern' && title !== undefined)
    return { path, message: `${shown(at(input, place))} is not ${title}` };
  const limit = at(inputSchema, keywordPlace);
  const message = messages[keyword]?.(limit, at(input, place));
  return message === undefined ? undefined : { path, message };
}

export function schemaProblems(input: unknown): Problem[] {
  const { errors } = new Validator(inputSchema as unknown as Schema, '2020-12', false).validate(input);
  const choices = errors.filter(({ keyword }) => keyword === 'oneOf');
  // A choice reports every branch besides itself, and propertyNames the name itself: one sentence says it better.
  const isDetail = ({ keyword, keywordLocation, instanceLocation }: OutputUnit) =>
    /\/(?:oneOf|propertyNames)\//.test(keywordLocation) ||
    (keyword === 'false' && choices.some(one => instanceLocation.startsWith(`${one.instanceLocation}/`)));
  return errors.filter(unit => !isDetail(unit)).flatMap(unit => problemOf(unit, input) ?? []);
}
